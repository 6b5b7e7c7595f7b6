import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import { lockUrlSources, saveSource } from './sealing-store.ts'
import { sealedAnew } from './source-secret.ts'

const batchSize = 200

/**
 * At the start: seals what an older version left in plain text, and anew what is sealed with the key before. A batch is a transaction and
 * each row one statement, so whenever this process ends, a row has its secret in the one form or in the other. With `givesUp` what no key
 * opens is dropped; else it stays, and is told.
 */
export async function sealSources(
  db: Database,
  box: SecretBox,
  { givesUp, logger }: { givesUp: boolean; logger: Logger },
): Promise<void> {
  let after = ''
  let sealed = 0
  for (;;) {
    const rows = await db.transaction(async (tx) => {
      const batch = await lockUrlSources(tx, after, batchSize)
      for (const row of batch) {
        const patch = sealedAnew(box, row, { givesUp })
        if (!patch) continue
        await saveSource(tx, row.id, patch)
        sealed++
      }
      return batch
    })
    if (rows.length < batchSize) break
    after = rows.at(-1)!.id
  }
  if (sealed > 0) logger.info({ streams: sealed }, 'sources were sealed')
}
