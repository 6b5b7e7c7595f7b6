import { buildClient } from '../../scripts/client.ts'

/** Once a run: what is published of the client, for the tests that take it from there. */
export default buildClient
