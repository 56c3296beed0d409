// Ends a test run with one plain line for machines: `N passed, N failed`.

import type { Reporter } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules, errors) => {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    // A file that cannot be loaded, or a hook that throws, fails without any test of it having failed.
    const broken = modules.reduce((sum, module) => sum + module.errors().length, errors.length);
    const skipped = count('skipped');
    const line = `${count('passed')} passed, ${count('failed') + broken} failed${skipped ? `, ${skipped} skipped` : ''}`;
    // At the exit, after whatever the other reporters still have to say.
    process.once('exit', () => void process.stdout.write(`${line}\n`));
  };
}
