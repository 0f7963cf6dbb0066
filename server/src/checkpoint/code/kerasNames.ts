/** Classes and functions of Keras 2 and 3 that only build models, by which configurations without modules are judged. */

/** Layers, models and what they are set up with. */
export const kerasClasses: ReadonlySet<string> = new Set(
  `Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention AutoContrast Average AveragePooling1D
  AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BatchNormalization Bidirectional CategoryEncoding
  CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D
  ConvLSTM3D Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose Convolution3D
  Convolution3DTranspose Cropping1D Cropping2D Cropping3D CuDNNGRU CuDNNLSTM Dense DepthwiseConv1D DepthwiseConv2D
  Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise
  GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D
  GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
  GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity InputLayer InputSpec IntegerLookup LSTM LSTMCell
  Layer LayerNormalization LeakyReLU LocallyConnected1D LocallyConnected2D Masking MaxPool1D MaxPool2D MaxPool3D
  MaxPooling1D MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MultiHeadAttention Multiply Normalization PReLU
  Permute RMSNormalization RNN RandomBrightness RandomContrast RandomCrop RandomFlip RandomHeight RandomRotation
  RandomTranslation RandomWidth RandomZoom ReLU RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D
  SeparableConvolution1D SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D
  SpatialDropout3D SpectralNormalization StackedRNNCells StringLookup Subtract SyncBatchNormalization TextVectorization
  ThresholdedReLU TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D
  ZeroPadding2D ZeroPadding3D Functional Model Sequential DTypePolicy FloatDTypePolicy DTypePolicyMap
  QuantizedDTypePolicy QuantizedFloat8DTypePolicy Policy KerasTensor
  Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity Initializer LecunNormal LecunUniform Ones Orthogonal
  OrthogonalInitializer RandomNormal RandomUniform STFT STFTInitializer TruncatedNormal VarianceScaling Zeros
  L1 L2 L1L2 OrthogonalRegularizer Regularizer Constraint MaxNorm MinMaxNorm NonNeg UnitNorm
  Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl LAMB Lamb Lion LossScaleOptimizer Muon Nadam Optimizer RMSprop SGD
  CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay LearningRateSchedule PiecewiseConstantDecay
  PolynomialDecay SeedGenerator
  BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy CategoricalFocalCrossentropy
  CategoricalHinge Circle CosineSimilarity Dice Hinge Huber KLDivergence LogCosh Loss MeanAbsoluteError
  MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy
  SquaredHinge Tversky
  AUC Accuracy BinaryAccuracy BinaryIoU CategoricalAccuracy F1Score FBetaScore FalseNegatives FalsePositives IoU Mean
  MeanIoU MeanMetricWrapper Metric OneHotIoU OneHotMeanIoU Precision PrecisionAtRecall R2Score Recall RecallAtPrecision
  RootMeanSquaredError SensitivityAtSpecificity SparseCategoricalAccuracy SparseTopKCategoricalAccuracy
  SpecificityAtSensitivity Sum TopKCategoricalAccuracy TrueNegatives TruePositives CompileMetrics CompileLoss
  __tensor__ __keras_tensor__ __numpy__ __bytes__ __ellipsis__ __tuple__ __slice__ TensorShape`.split(/\s+/),
);

/** Activations and the like, as functions. */
export const kerasFunctions: ReadonlySet<string> = new Set(
  `celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
  log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparsemax
  sparse_sigmoid squareplus swish tanh tanh_shrink threshold accuracy mae mape mse msle binary_accuracy
  binary_crossentropy categorical_accuracy categorical_crossentropy sparse_categorical_accuracy
  sparse_categorical_crossentropy kl_divergence mean_absolute_error mean_squared_error`.split(/\s+/),
);
