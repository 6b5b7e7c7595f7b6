import type { UrlSourceKind } from '../../streams/model.ts'
import { openHttp } from './http/way.ts'
import { openRtmp } from './rtmp/way.ts'
import { openRtsp } from './rtsp/way.ts'
import { openSrt } from './srt.ts'
import type { OpenWay } from './way.ts'

/** Who serves which kind of source. */
export const ways: Record<UrlSourceKind, OpenWay> = {
  HTTP: openHttp,
  HLS: openHttp,
  RTSP: openRtsp,
  RTMP: openRtmp,
  SRT: openSrt,
}
