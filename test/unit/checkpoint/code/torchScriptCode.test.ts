import assert from 'node:assert/strict';
import { mobileMentions, torchScriptMentions } from '../../../../server/src/checkpoint/code/torchScriptCode';

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

  it('reads names as the compiler does, through spaces, comments and other names', () => {
    for (const code of [
      'torch . save(x, "f")',
      'torch.\\\nsave(x, "f")',
      't = torch.save\nt(x, "f")',
      't = torch\nt.save(x, "f")',
      't = ops.aten # none\nt.save(x, "f")',
      '(torch).save(x, "f")',
      'torch.autograd.save(x, "f")',
      'getattr(torch, "save")(x, "f")',
    ]) {
      assert.ok(names(code).includes('torch.save'), code);
    }
    assert.deepEqual(names('ops.pyg.autograd.save(x)'), ['torch.ops.pyg.save']);
    assert.deepEqual(names('ops.torchaudio.sox_io_save_audio_file(x)'), [
      'torch.ops.torchaudio.sox_io_save_audio_file',
    ]);
  });

  it('leaves attributes and texts alone that only sound like it', () => {
    const code = 'class M(Module):\n  ops : Tensor\n  torch : int\n  a = self.load(x, "torch.save")  # torch.save\n';
    assert.deepEqual(names(code), []);
    assert.deepEqual(names('ops.prim.ops(x)\n"unclosed\n'), []);
  });

  it('takes time proportional to the code', () => {
    torchScriptMentions('"\\"'.repeat(1 << 20), '');
    torchScriptMentions('"'.repeat(1 << 21), '');
  }).timeout(30_000);

  it('names what reaches files or other libraries, with the byte of the first call', () => {
    const code = 'a = torch.save(x, "f")\nb = torch.save(y, "g")\nc = ops.image.read_file("f")\nd = ops.mine.op(x)\n';
    assert.deepEqual(names(code), ['torch.save', 'torch.ops.image.read_file', 'torch.ops.mine.op']);
    const save = torchScriptMentions(code, 'code/m.py').find(({ name }) => name === 'torch.save');
    assert.deepEqual(save, {
      ...{ kind: 'torchscript-operator', name: 'torch.save', entry: 'code/m.py', offset: 4 },
      detail: 'torch.save(x, "f")',
    });
    assert.deepEqual(names('x = __torch__.torch.classes.evil.Thing'), ['torch.classes.evil.Thing']);
  });
});

describe('mobileMentions', () => {
  it('names operators that a program for mobile devices lists', () => {
    const told = mobileMentions('X\x09aten::add X\x09aten::save q\x01 mine::op', 'bytecode.pkl');
    assert.deepEqual(
      told.map(({ name }) => name),
      ['torch.ops.aten.save', 'torch.ops.mine.op'],
    );
  });
});
