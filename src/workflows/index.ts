export { checkChange } from './check-change.ts';
export { hourly } from './hourly.ts';
export { instance } from './instance.ts';
