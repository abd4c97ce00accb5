export { bareLife } from './bare-life.ts';
export { bareSleep } from './bare-sleep.ts';
