import { startDevServer } from '../../../src/temporal/dev-server/start.ts';

// A process of its own that starts a development server, says where it is and waits to be killed.
const [cli, logFile] = process.argv.slice(2);
if (cli === undefined || logFile === undefined) throw new Error('usage: parent.ts <cli> <log file>');
process.on('SIGINT', () => console.log('interrupted'));
const { address, pid } = await startDevServer({ cli, logFile });
console.log(JSON.stringify({ address, pid }));
setInterval(() => undefined, 1000);
