import assert from 'node:assert/strict';
import { contributes } from '../../../package.json';
import { defaultSettings, readSettings } from '../../../server/src/lsp/settings';

describe('readSettings', () => {
  it('takes what is given', () => {
    const { settings, problems } = readSettings({
      scan: { enabled: false, backdoors: false, exclude: ['a'], maxFileSize: 1.5, keepResults: false },
      severity: { GN904: 'off', GN202: 'information' },
      problems: { limit: 0 },
      purify: { holdingRate: 0.1 },
      seed: 7,
      backend: 'cpu',
      workers: 3,
      queue: { url: ' redis://queue ', sharedFolders: ['/shared'] },
      performance: { threads: 2 },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      scan: { enabled: false, backdoors: false, exclude: ['a'], maxFileSize: 1.5, keepResults: false },
      severity: { GN904: 'off', GN202: 'information' },
      problems: { limit: 0 },
      purify: { holdingRate: 0.1 },
      seed: 7,
      backend: 'cpu',
      workers: 3,
      queue: { url: 'redis://queue', sharedFolders: ['/shared'] },
      performance: { threads: 2 },
    });
  });

  it('has a default for everything', () => {
    for (const section of [undefined, null, {}, [], 'text', 3, { scan: null, purify: 4, seed: null }]) {
      assert.deepEqual(readSettings(section), { settings: defaultSettings, problems: [] });
    }
  });

  it('has the defaults of the manifest', () => {
    const manifest = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
      string,
      { default: unknown }
    >;
    const { scan, severity, problems, purify, seed, backend, workers, queue, performance } = defaultSettings;
    const ours = {
      'scan.enabled': scan.enabled,
      'scan.backdoors': scan.backdoors,
      'scan.exclude': scan.exclude,
      'scan.maxFileSize': scan.maxFileSize,
      'scan.keepResults': scan.keepResults,
      severity,
      'problems.limit': problems.limit,
      'purify.holdingRate': purify.holdingRate,
      seed,
      backend,
      workers,
      'queue.url': queue.url,
      'queue.sharedFolders': queue.sharedFolders,
      'performance.threads': performance.threads,
    };
    for (const [name, value] of Object.entries(ours)) {
      assert.deepEqual(value, manifest[`graphnad.${name}`].default, name);
    }
  });

  it('names what is wrong and goes on with the default', () => {
    const { settings, problems } = readSettings({
      scan: { enabled: 'yes', keepResults: 1, exclude: ['a', 1], maxFileSize: 0 },
      severity: { GN101: 'loud' },
      problems: { limit: -1 },
      purify: { holdingRate: 2 },
      seed: -1,
      backend: 'abacus',
      workers: 1.5,
      queue: { url: ['redis://:secret@queue'], sharedFolders: ['not/absolute'] },
      performance: { threads: 17 },
    });
    assert.deepEqual(settings, defaultSettings);
    assert.equal(problems.length, 13);
    assert.doesNotMatch(problems.join(), /secret/);
    assert.equal(problems[0], 'graphnad.scan.enabled is "yes", expected true or false; using true');
  });

  it('takes no rule for a code that there is not, nor a list in place of rules', () => {
    for (const severity of [{ GN999: 'off' }, ['GN101'], 'off', { GN101: null }]) {
      const { settings, problems } = readSettings({ severity });
      assert.deepEqual(settings.severity, {});
      assert.match(
        problems[0],
        /graphnad\.severity is .* expected finding codes with error, warning, information, off/,
      );
    }
  });
});
