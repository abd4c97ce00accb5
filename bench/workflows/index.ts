export { bareLife } from './bare-life.ts';
