import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types for every document of the page, of the client and of the tests: `npm run codegen` writes them. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['src/dashboard/**/*.{ts,tsx}', 'src/client/*.ts', 'test/**/*.ts'],
  ignoreNoDocuments: true,
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'src/client/generated/': {
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
    },
  },
}

export default config
