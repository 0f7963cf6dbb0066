import assert from 'node:assert/strict';
import { limits } from '../../../../server/src/checkpoint/limits';
import { kerasMentions } from '../../../../server/src/checkpoint/code/kerasConfig';

const told = (config: unknown) => kerasMentions(config, '')?.mentions.map(({ kind, name }) => `${kind} ${name}`);
const layer = (class_name: string, config: object, more: object = {}) => ({ class_name, config, ...more });

describe('kerasMentions', () => {
  it('has nothing to say of models that Keras 2 and 3 build', () => {
    const keras2 = layer('Sequential', {
      layers: [
        layer('Dense', { units: 2, activation: 'relu', kernel_initializer: layer('GlorotUniform', { seed: null }) }),
        layer('TextVectorization', { vocabulary: null }),
      ],
    });
    const keras3 = layer(
      'Functional',
      {
        layers: [layer('Dense', { dtype: layer('DTypePolicy', {}, { module: 'keras' }) }, { module: 'keras.layers' })],
      },
      { module: 'keras.src.models.functional', registered_name: 'Functional' },
    );
    const activation = layer('function', {}, { module: 'builtins', config: 'relu', registered_name: 'function' });
    for (const config of [keras2, keras3, { config: activation, class_name: 'Activation' }])
      assert.deepEqual(told(config), []);
  });

  it('says of other JSON that it is none of Keras', () => {
    for (const value of [{}, [], 'x', null, { weight_map: { a: 'b' } }, { class_name: 3 }]) {
      assert.equal(told(value), undefined);
    }
  });

  it('finds functions of a Lambda layer wherever it keeps them', () => {
    const code = Buffer.from('e3000000000000000000000000', 'hex').toString('base64');
    assert.deepEqual(told(layer('Lambda', { function: [code, null, null], mask: [code, null, null] })), [
      'keras-bytecode keras.layers.Lambda',
      'keras-bytecode keras.layers.Lambda',
    ]);
    assert.deepEqual(told(layer('Lambda', { function: layer('__lambda__', { code }) })), [
      'keras-bytecode keras.layers.Lambda',
    ]);
    assert.deepEqual(told(layer('Lambda', { function: 'f', function_type: 'function', module: 'evil' })), [
      'keras-object evil.f',
    ]);
    assert.deepEqual(told(layer('Lambda', { function: layer('__lambda__', {}), output_shape: [2, 3] })), [
      'keras-bytecode keras.layers.Lambda',
    ]);
  });

  it('looks into configurations of any depth', () => {
    const depth = 50_000;
    const config = JSON.parse(`{"class_name": "Evil", "config": ${'['.repeat(depth)}1${']'.repeat(depth)}}`) as object;
    assert.deepEqual(told(config), ['keras-object Evil']);
  });

  it('says when there are more values than it looks at', () => {
    const padding = new Array<number>(limits.configValues).fill(0);
    assert.equal(kerasMentions([layer('Lambda', {}), padding], '')?.isComplete, false);
    assert.equal(kerasMentions([layer('Dense', {})], '')?.isComplete, true);
  });

  it('is not impressed by names of prototypes', () => {
    const config = JSON.parse(
      '{"class_name": "Dense", "__proto__": {"module": "os"}, "constructor": {"class_name": "X"}}',
    ) as object;
    assert.deepEqual(told(config), ['keras-object X']);
  });
});
