/**
 * For suites whose tests build on each other: after one that failed the others of the suite are skipped, by name. What
 * Mocha has for that, `bail`, leaves out every later suite of the run that uses it, and says nothing of it.
 */
export function useOrder(): void {
  let hasFailed = false;
  beforeEach(function () {
    if (hasFailed) this.skip();
  });
  afterEach(function () {
    hasFailed ||= this.currentTest?.state === 'failed';
  });
}
