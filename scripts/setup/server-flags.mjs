/**
 * Node.js's flags for the server. Its young generation of memory grows to 128 MB by itself, which is most of what 50 streams cost;
 * the little garbage that the server makes needs no more than 32 MB.
 */
export const serverFlags = ['--max-semi-space-size=16']
