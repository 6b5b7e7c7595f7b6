import { createSecretBox } from '../../src/platform/secret-box-aes.ts'

/** The box of tests that have no server of their own. */
export const testBox = createSecretBox(new Uint8Array(32).fill(7))
