export { hourly } from './hourly.ts';
export { instance } from './instance.ts';
