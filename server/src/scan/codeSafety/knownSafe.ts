/** Callables that are known to do nothing but build data, whatever arguments they are given, and why. */

import { torchModuleClasses } from './torchModules';

interface SafeGroup {
  readonly reason: string;
  readonly paths: readonly string[];
}

const under = (module: string, names: string): string[] => names.split(/\s+/).map((name) => `${module}.${name}`);

const elementNames = 'BFloat16 Bool Byte Char ComplexDouble ComplexFloat Double Float Half Int Long Short';
const quantisedNames = 'QInt32 QInt8 QUInt2x4 QUInt4x2 QUInt8';
const suffixed = (names: string, suffix: string) => names.replace(/\S+/g, (name) => name + suffix);

const groups: readonly SafeGroup[] = [
  {
    reason: 'rebuilds a tensor from stored numbers; torch.load(weights_only=True) allows it',
    paths: [
      ...under(
        'torch._utils',
        `_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state
        _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_qtensor
        _rebuild_meta_tensor_no_storage _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor
        _rebuild_wrapper_subclass`,
      ),
      ...under('torch._tensor', '_rebuild_from_type _rebuild_from_type_v2'),
      ...under('torch.nn.parameter', 'Parameter Buffer UninitializedParameter UninitializedBuffer'),
      'torch.serialization._get_layout',
      ...under('torch.storage', 'TypedStorage UntypedStorage _TypedStorage _UntypedStorage'),
      ...under('torch', suffixed(`${elementNames} ${quantisedNames}`, 'Storage')),
      ...under('torch.cuda', suffixed(elementNames, 'Storage')),
      ...under('torch', suffixed(elementNames, 'Tensor')),
      ...under('torch.cuda', suffixed(elementNames, 'Tensor')),
      ...under('torch.sparse', suffixed(elementNames, 'Tensor')),
      ...under('torch.cuda.sparse', suffixed(elementNames, 'Tensor')),
      ...under('torch', 'Size Tensor device UntypedStorage TypedStorage'),
      ...under(
        'torch.jit._pickle',
        'build_intlist build_doublelist build_boollist build_tensorlist build_tensor_from_id restore_type_tag',
      ),
    ],
  },
  {
    reason: 'names an element type, a memory layout or a quantisation scheme',
    paths: under(
      'torch',
      `float64 double float32 float float16 half bfloat16 int64 long int32 int int16 short int8 uint8 uint16 uint32
      uint64 bool complex32 complex64 complex128 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu
      float4_e2m1fn_x2 bits8 bits16 bits1x8 bits2x4 bits4x2 uint1 uint2 uint3 uint4 uint5 uint6 uint7 int1 int2 int3 int4
      int5 int6 int7 qint8 quint8
      qint32 quint4x2 quint2x4 per_tensor_affine per_channel_affine per_tensor_symmetric per_channel_symmetric
      per_channel_affine_float_qparams strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc contiguous_format
      preserve_format channels_last channels_last_3d`,
    ),
  },
  {
    reason: 'holds plain values',
    paths: [
      ...under('collections', 'OrderedDict defaultdict Counter deque UserDict UserList UserString'),
      ...under(
        'builtins',
        'set frozenset list dict tuple int float complex bool str bytes bytearray object slice range Ellipsis NotImplemented',
      ),
      ...under('copyreg', '_reconstructor __newobj__'),
      '_codecs.encode',
      ...under('datetime', 'datetime date time timedelta timezone'),
      'decimal.Decimal',
      'fractions.Fraction',
      'uuid.UUID',
      ...under('pathlib', 'PosixPath WindowsPath PurePosixPath PureWindowsPath Path PurePath'),
      'argparse.Namespace',
      'types.SimpleNamespace',
      ...under('inspect', 'Parameter Signature _ParameterKind _empty'),
      ...under('io', 'BytesIO StringIO'),
      ...under('_io', 'BytesIO StringIO'),
      'logging.getLogger',
    ],
  },
  {
    reason: 'rebuilds a NumPy array, number or random state from stored numbers',
    paths: [
      ...['numpy.core', 'numpy._core'].flatMap((module) => [
        ...under(`${module}.multiarray`, '_reconstruct scalar'),
        `${module}.numeric._frombuffer`,
      ]),
      ...under('numpy.ma.core', '_mareconstruct MaskedArray'),
      'numpy.ma.MaskedArray',
      ...under('numpy.rec', 'recarray record'),
      'numpy.matrixlib.defmatrix.matrix',
      ...under(
        'numpy',
        `ndarray dtype float64 float32 float16 int64 int32 int16 int8 uint64 uint32 uint16 uint8 bool_ bool complex64
        complex128 str_ bytes_ void datetime64 timedelta64 matrix recarray record`,
      ),
      ...under(
        'numpy.dtypes',
        suffixed(
          'Bool Float16 Float32 Float64 Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Complex64 Complex128 Str Bytes Object Void DateTime64 TimeDelta64',
          'DType',
        ),
      ),
      ...under('numpy.random._pickle', '__randomstate_ctor __generator_ctor __bit_generator_ctor'),
      'numpy.random._mt19937.MT19937',
      ...under('numpy.random._pcg64', 'PCG64 PCG64DXSM'),
      'numpy.random._philox.Philox',
      'numpy.random._sfc64.SFC64',
      ...under('numpy.random.bit_generator', 'SeedSequence __pyx_unpickle_SeedSequence'),
    ],
  },
  {
    // `__setstate__` of each packs the numbers in the archive (aten/src/ATen/native/quantized).
    reason: 'holds quantised weights of PyTorch',
    paths: under(
      '__torch__.torch.classes.quantized',
      'LinearPackedParamsBase Conv2dPackedParamsBase Conv3dPackedParamsBase EmbeddingPackedParamsBase',
    ),
  },
  {
    // Their arrays are set as attributes; `__setstate__` of coo matrices does so too, under newer names (scipy/sparse/).
    reason: 'is a sparse matrix of SciPy: its arrays are set, and nothing else is done',
    paths: ['csr', 'csc', 'coo', 'bsr', 'dia'].flatMap((kind) => [
      `scipy.sparse.${kind}.${kind}_matrix`,
      `scipy.sparse._${kind}.${kind}_matrix`,
      `scipy.sparse._${kind}.${kind}_array`,
    ]),
  },
  {
    reason: 'is an array of joblib, whose numbers or inner pickle were looked into as well',
    paths: ['joblib.numpy_pickle.NumpyArrayWrapper'],
  },
  {
    // Their `__setstate__` puts what the file holds into `__dict__`, their constructors keep it as attributes; PyTorch
    // Geometric itself lists most of them for torch.load(weights_only=True) (torch_geometric/__init__.py and data/).
    reason: 'is a graph of PyTorch Geometric: its attributes are set, and nothing else is done',
    paths: [
      ...under('torch_geometric.data.data', 'Data DataTensorAttr DataEdgeAttr'),
      ...under('torch_geometric.data.storage', 'BaseStorage GlobalStorage NodeStorage EdgeStorage'),
      'torch_geometric.data.hetero_data.HeteroData',
      'torch_geometric.data.hypergraph_data.HyperGraphData',
      'torch_geometric.data.temporal.TemporalData',
      ...under('torch_geometric.data.batch', 'Batch DynamicInheritanceGetter'),
      ...under('torch_geometric.data.graph_store', 'EdgeAttr EdgeLayout'),
      ...under('torch_geometric.data.feature_store', 'TensorAttr _FieldStatus'),
      ...under('torch_geometric.edge_index', 'EdgeIndex SortOrder'),
      'torch_geometric.index.Index',
      'torch_sparse.tensor.SparseTensor',
      'torch_sparse.storage.SparseStorage',
    ],
  },
  {
    // `HeteroGraphIndex.__setstate__` hands arrays to DGL's own library, the others set attributes (dgl/heterograph.py,
    // heterograph_index.py, frame.py).
    reason: "is a graph of DGL: its attributes are set, and its arrays are read by DGL's library",
    paths: [
      ...under('dgl.heterograph', 'DGLGraph DGLHeteroGraph DGLBlock'),
      ...under('dgl.heterograph_index', 'HeteroGraphIndex HeteroPickleStates'),
      ...under('dgl.frame', 'Frame Column Scheme'),
    ],
  },

  {
    reason: 'is a layer of torch.nn, restored without running its constructor',
    paths: torchModuleClasses,
  },
  {
    reason: 'is an activation function of PyTorch, kept as an attribute of a layer',
    paths: [
      ...under(
        'torch.nn.functional',
        `relu relu6 elu selu celu gelu silu mish leaky_relu prelu rrelu glu softplus softmax log_softmax softmin
        softsign logsigmoid hardtanh hardswish hardsigmoid tanh sigmoid tanhshrink dropout alpha_dropout normalize`,
      ),
      ...under('torch._C._nn', 'gelu softplus leaky_relu elu silu mish hardtanh hardswish log_sigmoid'),
    ],
  },
];

const reasons = new Map(groups.flatMap(({ reason, paths }) => paths.map((path) => [path, reason] as const)));

/** Where TorchScript keeps its objects: elsewhere, such a class is of a package that has this name. */
const scriptedEntry = /\.pkl$/i;

/** Classes of TorchScript: `__torch__.models.gin.GIN`. Those of native libraries are named `__torch__.torch.classes...`. */
const scriptedClass = /^__torch__\.(?!torch\.classes\.)[\w.]+$/;

/**
 * Why `path` is known to be safe, or undefined where it is not.
 *
 * @param entry where in the file it is imported
 */
export function safeReason(path: string, entry: string): string | undefined {
  if (scriptedClass.test(path) && scriptedEntry.test(entry)) {
    return 'is a class that TorchScript compiled; its code is in the file, was looked into, and calls nothing but operators';
  }
  return reasons.get(path);
}
