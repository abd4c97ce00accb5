import 'vitest';

declare module 'vitest' {
  /** What the global setup hands to every test of the `full` project: `inject('temporalAddress')`. */
  export interface ProvidedContext {
    temporalAddress: string;
    temporalNamespace: string;
    /** A superuser's URL; a test makes a database or a schema of its own. */
    postgresUrl: string;
    /** For `Worker.create({ workflowBundle: { codePath } })`. */
    workflowBundlePath: string;
  }
}
