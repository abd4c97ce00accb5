import { DatabaseSync } from 'node:sqlite';

/** Another process that holds the write lock of the database in its first argument until it is told to let go. */
const database = new DatabaseSync(process.argv[2] ?? '');
database.exec('begin immediate');
process.once('message', () => {
  database.exec('rollback');
  database.close();
  process.send?.('free', () => process.disconnect());
});
process.send?.('locked');
