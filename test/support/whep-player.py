"""A WHEP player that shares nothing with browsers or mediasoup: GStreamer's webrtcbin.

Plays the endpoint in argv[1], with the key in argv[2] where there is one, and with trickle ICE, as the draft has it: the offer goes without waiting for candidates, which follow in one PATCH under the
answer's ETag. Says what happens as one JSON object a line on stdout; ends its session and itself when stdin closes.
"""

import ctypes
import json
import re
import signal
import sys
import threading
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

VIDEO = (
    "application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000,"
    "packetization-mode=(string)1,profile-level-id=(string)42e01f"
)
AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000,encoding-params=(string)2"


saying = threading.Lock()


def say(**fields):
    """One line at a time: the decoders speak from threads of their own."""
    with saying:
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()


def ask(method, url, body=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if len(sys.argv) > 2:
        headers["Authorization"] = f"Bearer {sys.argv[2]}"
    request = urllib.request.Request(url, method=method, data=body and body.encode(), headers=headers)
    return urllib.request.urlopen(request, timeout=20)


class Player:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.session = None
        self.etag = None
        self.offer = ""
        self.candidates = []
        self.frames = {"video": 0, "audio": 0}
        self.pipeline = Gst.Pipeline.new("player")
        self.webrtc = Gst.ElementFactory.make("webrtcbin")
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.webrtc)
        self.webrtc.connect("on-ice-candidate", lambda _bin, _line, candidate: self.candidates.append(candidate))
        self.webrtc.connect("pad-added", self.on_pad)
        self.webrtc.connect("notify::ice-gathering-state", lambda *_: GLib.idle_add(self.trickle))
        self.webrtc.connect("notify::connection-state", self.on_connection)
        # Pads need a clock that runs.
        self.pipeline.set_state(Gst.State.PLAYING)
        for caps in (VIDEO, AUDIO):
            recvonly = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
            self.webrtc.emit("add-transceiver", recvonly, Gst.Caps.from_string(caps))
        self.webrtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.on_offer, None))

    def on_offer(self, promise, _data):
        # The offer is the reply's, and gone with it.
        reply = promise.get_reply()
        offer = reply.get_value("offer")
        self.offer = offer.sdp.as_text()
        self.webrtc.emit("set-local-description", offer, Gst.Promise.new())
        GLib.idle_add(self.post)

    def post(self):
        try:
            answer = ask("POST", self.endpoint, self.offer, Content_Type="application/sdp")
        except urllib.error.HTTPError as error:
            say(event="refused", status=error.code, body=error.read().decode())
            return
        self.session = urljoin(self.endpoint, answer.headers["Location"])
        self.etag = answer.headers["ETag"]
        _, message = GstSdp.SDPMessage.new_from_text(answer.read().decode())
        described = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.webrtc.emit("set-remote-description", described, Gst.Promise.new())
        say(event="opened", session=self.session)
        self.trickle()

    def trickle(self):
        gathered = self.webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if not gathered or not self.session or not self.candidates:
            return
        lines = [re.search(pattern, self.offer, re.M).group(0).strip() for pattern in (
            r"^m=.*$", r"^a=mid:.*$", r"^a=ice-ufrag:.*$", r"^a=ice-pwd:.*$",
        )]
        lines += ["a=" + candidate.removeprefix("a=") for candidate in self.candidates] + ["a=end-of-candidates", ""]
        self.candidates = []
        headers = {"Content_Type": "application/trickle-ice-sdpfrag", "If_Match": self.etag}
        say(event="trickled", status=ask("PATCH", self.session, "\r\n".join(lines), **headers).status)

    def on_connection(self, *_):
        say(event="connection", state=self.webrtc.get_property("connection-state").value_nick)

    def on_pad(self, _bin, pad):
        decoder = Gst.ElementFactory.make("decodebin")
        decoder.connect("pad-added", self.on_decoded)
        self.pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def on_decoded(self, _decoder, pad):
        kind = pad.get_current_caps().get_structure(0).get_name().split("/")[0]
        sink = Gst.ElementFactory.make("fakesink")
        sink.set_property("sync", False)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.add_probe(Gst.PadProbeType.BUFFER, self.on_frame, kind)
        pad.link(sink.get_static_pad("sink"))

    def on_frame(self, _pad, _info, kind):
        self.frames[kind] += 1
        if self.frames[kind] % 10 == 0:
            say(event="decoded", **self.frames)
        return Gst.PadProbeReturn.OK

    def end(self, *_):
        if self.session:
            say(event="ended", status=ask("DELETE", self.session).status)
        loop.quit()
        return False


Gst.init(None)
loop = GLib.MainLoop()
player = Player(sys.argv[1])
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_HUP, player.end)
loop.run()
