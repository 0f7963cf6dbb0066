import assert from 'node:assert/strict';
import { torchScriptMentions } from '../../../../server/src/checkpoint/code/torchScriptCode';

const names = (code: string) => torchScriptMentions(code, 'code/m.py').map(({ name }) => name);

describe('torchScriptMentions', () => {
  it('has nothing to say of what PyTorch and the libraries of graphs compute', () => {
    const code = `def forward(self, x: Tensor) -> Tensor:
  _0 = torch.linear(x, w)
  _1 = ops.prim.NumToTensor(torch.size(x, 0))
  _2 = ops.torch_scatter.scatter_sum(x, i, 0, None, None)
  _3 = __torch__.torch.classes.quantized.LinearPackedParamsBase
  return torch.relu(_0)`;
    assert.deepEqual(names(code), []);
  });

  it('names what reaches files or other libraries, with the byte of the first call', () => {
    const code = 'a = torch.save(x, "f")\nb = torch.save(y, "g")\nc = ops.image.read_file("f")\nd = ops.mine.op(x)\n';
    assert.deepEqual(names(code), ['torch.ops.image.read_file', 'torch.ops.mine.op', 'torch.save']);
    const save = torchScriptMentions(code, 'code/m.py').find(({ name }) => name === 'torch.save');
    assert.deepEqual(save, {
      ...{ kind: 'torchscript-operator', name: 'torch.save', entry: 'code/m.py', offset: 4 },
      detail: 'torch.save(x, "f")',
    });
    assert.deepEqual(names('x = __torch__.torch.classes.evil.Thing'), ['torch.classes.evil.Thing']);
  });
});
