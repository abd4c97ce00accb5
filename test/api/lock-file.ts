/** A process of its own that takes the write lock of the SQLite file named by its argument, says so, and keeps it until its parent lets go. */
import { DatabaseSync } from 'node:sqlite';

const database = new DatabaseSync(process.argv[2] ?? '');
database.exec('begin immediate');
process.on('disconnect', () => {
  database.close();
  process.exit(0);
});
process.send?.('locked');
