export { checkChange } from './check-change.ts';
export { instance } from './instance.ts';
