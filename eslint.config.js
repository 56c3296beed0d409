// What the linter insists on: no promise left floating, no untyped value, no file that grew too long.

import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

const typed = {
  languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname } },
};

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'fixtures/'] },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  ts.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  typed,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Functions of an interface are async whether this one waits or not.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNever: true }],
      // process.env['X'] says that anything may be missing there.
      '@typescript-eslint/dot-notation': 'off',
      // Our objects are closures: a function taken out of one still works.
      '@typescript-eslint/unbound-method': 'off',
      // `as Header` says what a thing is; `!` does not.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      // Mail is full of control characters.
      'no-control-regex': 'off',
      // An empty text is often as good as none.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: true }],
    },
  },
  {
    files: ['server/**', 'ui/**'],
    rules: {
      'max-lines': ['error', 350],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export it by its name.' }],
    },
  },
  {
    files: ['test/bench/**', 'test/hostile/endless.ts', 'test/crash/many.ts', 'test/browser/pictures.ts', 'test/interop/run.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: ['server/**', 'test/**', '*.config.*'], languageOptions: { globals: globals.node } },
  {
    files: ['ui/**'],
    languageOptions: { globals: globals.browser },
    rules: { 'svelte/no-at-html-tags': 'error', 'svelte/require-each-key': 'error' },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  // The type of a schema is its schema.
  { files: ['test/**', 'server/http/contract/**'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  { files: ['**/*.js', '**/*.cjs'], extends: [ts.configs.disableTypeChecked], languageOptions: { globals: globals.node } },
);
