import type { UrlSourceKind } from '../../streams/model.ts'
import { openDirect } from './direct.ts'
import { openRtsp } from './rtsp/way.ts'
import type { OpenWay } from './way.ts'

/** Who serves which kind of source. */
export const ways: Record<UrlSourceKind, OpenWay> = {
  HTTP: openDirect,
  HLS: openDirect,
  RTSP: openRtsp,
  RTMP: openDirect,
  SRT: openDirect,
}
