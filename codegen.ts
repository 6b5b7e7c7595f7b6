import type { CodegenConfig } from '@graphql-codegen/cli'

const output = {
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  config: {
    documentMode: 'string',
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    scalars: {
      BigInt: 'number',
      DateTime: 'string',
      JSON: 'unknown',
      URL: 'string',
      // mediasoup's own words, which the generated code does not know.
      RtpCapabilities: 'object',
      TransportOptions: 'object',
      ConsumerOptions: 'object',
      IceParameters: 'object',
    },
  },
} as const

/** Types for every document of the page, of the client and of the tests: `npm run codegen` writes them. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  ignoreNoDocuments: true,
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'src/client/generated/': { ...output, documents: ['src/dashboard/**/*.{ts,tsx}', 'test/**/*.ts'] },
    // What is published: nothing of the page or the tests is in it.
    'src/client/operations/generated/': { ...output, documents: ['src/client/operations/*.ts'] },
  },
}

export default config
