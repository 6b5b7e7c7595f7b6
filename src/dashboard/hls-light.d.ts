/** hls.js without subtitles, alternate audio and DRM, none of which a stream of ours has. */
declare module 'hls.js/light' {
  export { default } from 'hls.js'
}
