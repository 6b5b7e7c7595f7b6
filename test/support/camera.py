"""A real RTSP camera for tests: GStreamer's RTSP server on a loopback port.

Takes its settings as one JSON object in argv[1] (the shape is CameraSettings in camera.ts), orders as lines on stdin and
answers with one JSON object a line on stdout. It ends when stdin closes or its parent dies.
"""

import ctypes
import json
import signal
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

ROLE = "viewer"
DIGEST = "digest"


saying = threading.Lock()


def say(**fields):
    """One line at a time, whichever of GStreamer's threads says it."""
    with saying:
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()


def video_chain(video):
    size = f"video/x-raw,format=I420,width={video['width']},height={video['height']},framerate={video['fps']}/1"
    source = f"videotestsrc name=picture is-live=true pattern={video['pattern']} ! {size} ! timeoverlay name=clock ! identity name=film"
    keyframe_interval = max(1, round(video["keyframeSeconds"] * video["fps"]))
    codec = video["codec"]
    if codec == "h264":
        b_frames = video["bFrames"]
        tune = "" if b_frames else "tune=zerolatency "
        profile = video["profile"]
        # Filled up to its bitrate, as many cameras do: a picture that stands still does not send less.
        filled = ":nal-hrd=cbr:filler=1" if video["filled"] else ""
        tools = f"cabac={str(profile in ('main', 'high')).lower()} dct8x8={str(profile == 'high').lower()}"
        return (
            f"{source} ! x264enc name=encoder {tune}speed-preset=ultrafast bitrate={video['kbps']} threads=1 "
            f"key-int-max={keyframe_interval} bframes={b_frames} b-adapt=false {tools} "
            f"option-string=scenecut=0{filled} ! video/x-h264,profile={profile} ! valve name=valve-video ! rtph264pay name=pay0 pt=96"
        )
    if codec == "h265":
        return (
            f"{source} ! x265enc tune=zerolatency speed-preset=ultrafast bitrate={video['kbps']} "
            f"key-int-max={keyframe_interval} ! valve name=valve-video ! rtph265pay name=pay0 pt=96"
        )
    if codec == "mjpeg":
        return f"{source} ! jpegenc ! valve name=valve-video ! rtpjpegpay name=pay0 pt=26"
    raise ValueError(f"no such video codec: {codec}")


def audio_chain(codec, pay):
    source = "audiotestsrc is-live=true wave=sine freq=440 volume=0.2"
    valve = "valve name=valve-audio"
    stereo = "audio/x-raw,rate=48000,channels=2"
    telephone = "audio/x-raw,rate=8000,channels=1"
    if codec == "aac":
        return f"{source} ! {stereo} ! voaacenc bitrate=96000 ! aacparse ! {valve} ! rtpmp4gpay name={pay} pt=97"
    if codec == "opus":
        return f"{source} ! {stereo} ! opusenc ! {valve} ! rtpopuspay name={pay} pt=97"
    if codec == "pcmu":
        return f"{source} ! {telephone} ! mulawenc ! {valve} ! rtppcmupay name={pay} pt=0"
    if codec == "pcma":
        return f"{source} ! {telephone} ! alawenc ! {valve} ! rtppcmapay name={pay} pt=8"
    raise ValueError(f"no such audio codec: {codec}")


def file_chain(path):
    """An MP4 with H.264 and AAC, sent at its own speed and without encoding anything: the cheapest camera."""
    return (
        f'filesrc location="{path}" ! qtdemux name=demux '
        "demux.video_0 ! queue ! h264parse config-interval=-1 ! valve name=valve-video ! rtph264pay name=pay0 pt=96 "
        "demux.audio_0 ! queue ! aacparse ! valve name=valve-audio ! rtpmp4gpay name=pay1 pt=97"
    )


def launch_line(settings):
    if settings.get("file"):
        return "( " + file_chain(settings["file"]) + " )"
    chains = []
    if settings["video"]:
        chains.append(video_chain(settings["video"]))
    if settings["audio"]:
        chains.append(audio_chain(settings["audio"], f"pay{len(chains)}"))
    return "( " + " ".join(chains) + " )"


class Camera:
    def __init__(self, settings):
        self.medias = []
        self.frozen = set()
        self.frames = 0
        self.one_in = 1
        self.pattern = (settings["video"] or {}).get("pattern")
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address("127.0.0.1")
        self.server.set_service(str(settings["port"]))
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch_line(settings))
        factory.set_shared(True)
        factory.connect("media-configure", self.on_media)
        if settings["password"]:
            self.guard(factory, settings["user"], settings["password"], settings["auth"])
        self.server.get_mount_points().add_factory(settings["path"], factory)
        self.server.connect("client-connected", self.on_client)
        if self.server.attach(None) == 0:
            say(event="failed", reason="port taken")
            sys.exit(1)
        say(event="ready", port=self.server.get_bound_port())

    def guard(self, factory, user, password, method):
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, ROLE)
        if method == DIGEST:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(user, password, token)
        else:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role(ROLE, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
        permissions.add_permission_for_role(ROLE, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
        factory.set_permissions(permissions)
        self.server.set_auth(auth)

    def on_client(self, _server, client):
        say(event="client-connected")
        client.connect("describe-request", lambda *_: say(event="describe"))
        client.connect("play-request", lambda *_: say(event="play"))
        client.connect("closed", lambda *_: say(event="client-closed"))

    def on_media(self, _factory, media):
        self.medias.append(media)
        media.connect("unprepared", lambda gone: gone in self.medias and self.medias.remove(gone))
        for kind in self.frozen:
            self.turn_valve(media, kind, True)
        film = media.get_element().get_by_name("film")
        if film is not None:
            film.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, self.on_frame)
        for stream in range(media.n_streams()):
            payloader = media.get_element().get_by_name(f"pay{stream}")
            payloader.get_static_pad("src").add_probe(Gst.PadProbeType.QUERY_UPSTREAM, self.on_query)

    def on_query(self, _pad, info):
        """Nobody can seek, as in no camera. GStreamer's own sources can, live or not: the server would then rewind the film
        that all clients share for each one that comes, and RTP's time would jump back in the middle of a connection."""
        is_seeking = info.get_query().type == Gst.QueryType.SEEKING
        return Gst.PadProbeReturn.DROP if is_seeking else Gst.PadProbeReturn.OK

    def on_frame(self, _pad, _info):
        """Lets one raw frame in so many through; the encoder goes on with what comes."""
        self.frames += 1
        return Gst.PadProbeReturn.DROP if self.frames % self.one_in else Gst.PadProbeReturn.OK

    def elements(self, name):
        found = [media.get_element().get_by_name(name) for media in list(self.medias)]
        return [element for element in found if element is not None]

    def stand_still(self, still):
        """The same picture again and again; the encoder goes on."""
        for picture in self.elements("picture"):
            picture.set_property("pattern", "smpte75" if still else self.pattern)
        for clock in self.elements("clock"):
            clock.set_property("silent", still)

    def turn_valve(self, media, kind, closed):
        valve = media.get_element().get_by_name(f"valve-{kind}")
        if valve is not None:
            valve.set_property("drop", closed)

    def freeze(self, kind, closed):
        (self.frozen.add if closed else self.frozen.discard)(kind)
        for media in list(self.medias):
            self.turn_valve(media, kind, closed)

    def drop_clients(self):
        self.server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)

    def obey(self, line):
        word, *rest = line.split()
        if word == "freeze":
            self.freeze(rest[0], True)
        elif word == "thaw":
            self.freeze(rest[0], False)
        elif word == "still":
            self.stand_still(rest[0] == "on")
        elif word == "one-in":
            self.one_in = int(rest[0])
        elif word == "kbps":
            for encoder in self.elements("encoder"):
                encoder.set_property("bitrate", int(rest[0]))
        elif word == "drop-clients":
            self.drop_clients()
        else:
            say(event="failed", reason=f"no such order: {line}")
            return
        say(event="done", order=line)


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    camera = Camera(json.loads(sys.argv[1]))

    def on_stdin(_source, condition):
        line = sys.stdin.readline() if condition & GLib.IO_IN else ""
        if not line:
            loop.quit()
            return False
        camera.obey(line.strip())
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_stdin)
    loop.run()


main()
