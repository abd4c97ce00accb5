/** What `--report` names, and the file that it makes. */
export const REPORT_FILES = { html: 'report.html', junit: 'junit.xml', json: 'report.json' } as const;

export type ReportKind = keyof typeof REPORT_FILES;
export const REPORT_KINDS = Object.keys(REPORT_FILES) as readonly ReportKind[];
