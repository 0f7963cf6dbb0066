import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', '.vscode-test/**', 'node_modules/**', 'test/fixtures/**', 'examples/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './webview/tsconfig.json', './server/src/tensor/kernels/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Request and notification names live in namespaces, as in the language server protocol's own sources.
      '@typescript-eslint/no-namespace': 'off',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['server/src/**'], ignores: ['server/src/cli.ts', 'server/src/cli/**'], rules: { 'no-console': 'error' } },
  // Loads the rest of its folder's modules late, from sources and build alike.
  { files: ['server/src/cli/loadQueue.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.mjs'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
);
