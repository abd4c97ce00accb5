import { visible } from '../width.ts';

/**
 * One workflow command; what would end it, or a property of it, is escaped as the runner’s toolkit does
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
export function annotation(level: 'error' | 'warning' | 'notice', title: string, lines: readonly string[]): string {
  return `::${level} title=${property(visible(title))}::${data(lines.map(visible).join('\n'))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
