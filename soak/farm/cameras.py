"""Several RTSP cameras in one process, which cost next to nothing: encoded pictures and sound are read once and sent for ever.

argv[1] is a JSON list of mounts: path, video (H.264 file with access unit delimiters), fps, audio (file or null), audioCodec.
Times go on over the end of a file: nobody sees where it begins again. Says as JSON lines: ready with the port, and `fault`
where a camera could not send in time, so that nobody else is blamed for it. It ends when its parent does.
"""

import ctypes
import json
import re
import signal
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

ctypes.CDLL(None).prctl(1, signal.SIGKILL)

LATE_NS = 500_000_000
output = threading.Lock()


def say(**fields):
    with output:
        print(json.dumps(fields), flush=True)


def access_units(path):
    data = open(path, "rb").read()
    starts = [found.start() for found in re.finditer(rb"\x00\x00\x00\x01\x09", data)]
    return [data[start:end] for start, end in zip(starts, starts[1:] + [len(data)])]


def adts_frames(path):
    data, frames, at = open(path, "rb").read(), [], 0
    while at + 7 <= len(data):
        length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        frames.append(data[at : at + length])
        at += length
    return frames


def alaw_frames(path):
    data = open(path, "rb").read()
    return [data[at : at + 160] for at in range(0, len(data) - 159, 160)]


class Track:
    """Units of equal length, given out one by one with times that only grow."""

    def __init__(self, name, units, unit_seconds, caps):
        self.name, self.units, self.caps = name, units, caps
        self.numerator, self.denominator = unit_seconds
        self.said_late_at = -1

    def time(self, number):
        return number * self.numerator * Gst.SECOND // self.denominator

    def connect(self, appsrc):
        state = {"next": 0}

        def on_need_data(source, _length):
            number = state["next"]
            state["next"] += 1
            buffer = Gst.Buffer.new_wrapped(self.units[number % len(self.units)])
            buffer.pts = self.time(number)
            buffer.duration = self.time(number + 1) - buffer.pts
            self.check(source, buffer.pts)
            source.emit("push-buffer", buffer)

        appsrc.connect("need-data", on_need_data)

    def check(self, source, pts):
        clock = source.get_clock()
        if clock is None or source.current_state != Gst.State.PLAYING:
            return
        late = clock.get_time() - source.get_base_time() - pts
        second = pts // Gst.SECOND
        if late > LATE_NS and second != self.said_late_at:
            self.said_late_at = second
            say(event="fault", name=self.name, what=f"{late // 1_000_000} ms late at {second} s")


def tracks_of(mount):
    fps = mount["fps"]
    caps = f"video/x-h264,stream-format=byte-stream,alignment=au,framerate={fps}/1"
    yield "video", Track(f"{mount['path']} video", access_units(mount["video"]), (1, fps), caps)
    if mount["audio"] and mount["audioCodec"] == "aac":
        caps = "audio/mpeg,mpegversion=4,stream-format=adts,framed=true,rate=48000,channels=2"
        yield "audio", Track(f"{mount['path']} audio", adts_frames(mount["audio"]), (1024, 48000), caps)
    elif mount["audio"]:
        caps = "audio/x-alaw,rate=8000,channels=1"
        yield "audio", Track(f"{mount['path']} audio", alaw_frames(mount["audio"]), (1, 50), caps)


PAYLOADERS = {
    "video": "h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96",
    "aac": "aacparse ! rtpmp4gpay name=pay1 pt=97",
    "pcma": "rtppcmapay name=pay1 pt=8",
}


def add_camera(server, mount):
    tracks = dict(tracks_of(mount))
    chains = [
        f"appsrc name={kind} format=time max-buffers=3 max-bytes=0 max-time=0 caps=\"{track.caps}\" ! "
        + PAYLOADERS["video" if kind == "video" else mount["audioCodec"]]
        for kind, track in tracks.items()
    ]
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch("( " + " ".join(chains) + " )")
    factory.set_shared(True)

    def on_media(_factory, media):
        for kind, track in tracks.items():
            track.connect(media.get_element().get_by_name(kind))

    factory.connect("media-configure", on_media)
    server.get_mount_points().add_factory(mount["path"], factory)


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    for mount in json.loads(sys.argv[1]):
        add_camera(server, mount)
    server.connect("client-connected", lambda _server, client: client.connect("closed", lambda *_: say(event="client-closed")))
    server.attach(None)
    say(event="ready", port=server.get_bound_port())
    GLib.MainLoop().run()


main()
