"""The benchmark's picture through GStreamer's webrtcbin, tuned for low delay.

Told and tells in lines of JSON: says {"offer"}, is told {"start": {...}} first and {"answer"} later.
`--check` only finds out whether all that is needed is installed.
"""

import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

ELEMENTS = ("webrtcbin", "vp8enc", "rtpvp8pay", "appsrc", "nicesrc", "dtlsenc", "srtpenc")
BLOCK = 16
PIPELINE = (
    "appsrc name=camera is-live=true format=time do-timestamp=true max-buffers=1 leaky-type=downstream"
    " caps=video/x-raw,format=I420,width={width},height={height},framerate=30/1"
    " ! vp8enc deadline=1 cpu-used=-6 threads=1 end-usage=cbr target-bitrate={bitrate}"
    " lag-in-frames=0 error-resilient=default keyframe-max-dist=3000 buffer-size=600"
    " buffer-initial-size=400 buffer-optimal-size=500 min-quantizer=2 max-quantizer=56"
    " static-threshold=1 noise-sensitivity=0"
    " ! rtpvp8pay picture-id-mode=15-bit ! application/x-rtp,media=video,encoding-name=VP8,payload=96"
    " ! webrtcbin name=peer bundle-policy=max-bundle latency=0"
)


def say(**message):
    print(json.dumps(message), flush=True)


class Camera:
    """Cuts frames out of the wall that the benchmark drew, as picture.ts does."""

    def __init__(self, start):
        self.width = start["width"]
        self.height = start["height"]
        self.variants = start["variants"]
        with open(start["wall"], "rb") as file:
            self.wall = memoryview(file.read())

    def frame(self, n):
        width, height = self.width, self.height
        at = n * 4 % (2 * width)
        left = 2 * width - at if at > width else at
        left -= left % 2
        luma = (n % self.variants) * 2 * width * height
        chroma = self.variants * 2 * width * height
        rows = self.barcode(luma + left)
        rows += self.rows(luma + left, 2 * width, width, BLOCK, height)
        rows += self.rows(chroma + left // 2, width, width // 2, 0, height // 2)
        rows += self.rows(chroma + width * height // 2 + left // 2, width, width // 2, 0, height // 2)
        return b"".join(rows)

    def rows(self, start, stride, length, first, end):
        wall = self.wall
        return [wall[start + row * stride : start + row * stride + length] for row in range(first, end)]

    def barcode(self, start):
        tenths = int(time.time() * 10_000) % 2**32
        check = 0
        for at in range(0, 32, 4):
            check ^= (tenths >> at) & 15
        code = tenths | check << 32
        blocks = [(b"\xeb" if code >> bit & 1 else b"\x10") * BLOCK for bit in range(36)]
        strip = b"".join(blocks)
        stride = 2 * self.width
        ends = [self.wall[start + row * stride + 36 * BLOCK : start + row * stride + self.width] for row in range(BLOCK)]
        return [part for end in ends for part in (strip, end)]


class Sender:
    def __init__(self, start):
        self.start = start
        self.camera = Camera(start)
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(PIPELINE.format(**start))
        self.peer = self.pipeline.get_by_name("peer")
        self.source = self.pipeline.get_by_name("camera")
        self.peer.connect("on-negotiation-needed", self.negotiate)
        self.peer.connect("notify::ice-gathering-state", self.gathered)
        transceiver = self.peer.emit("get-transceiver", 0)
        transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        transceiver.set_property("do-nack", True)
        self.running = True
        self.pipeline.set_state(Gst.State.PLAYING)

    def negotiate(self, peer):
        peer.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered, None))

    def offered(self, promise, _user):
        reply = promise.get_reply()  # owns the offer: it must live until the offer is set
        offer = reply.get_value("offer")
        self.peer.emit("set-local-description", offer, Gst.Promise.new())

    def gathered(self, peer, _property):
        if peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            say(offer=peer.get_property("local-description").sdp.as_text())

    def answer(self, text):
        _result, message = GstSdp.SDPMessage.new_from_text(text)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.peer.emit("set-remote-description", answer, Gst.Promise.new())
        threading.Thread(target=self.film, daemon=True).start()

    def film(self):
        period = self.start["periodMs"] / 1000
        begin = time.monotonic()
        n = 0
        while self.running:
            n += 1
            time.sleep(max(0, begin + n * period - time.monotonic()))
            self.source.emit("push-buffer", Gst.Buffer.new_wrapped(self.camera.frame(n)))

    def end(self):
        self.running = False
        self.pipeline.set_state(Gst.State.NULL)
        self.loop.quit()


def listen(sender):
    for line in sys.stdin:
        GLib.idle_add(sender.answer, json.loads(line)["answer"])
    GLib.idle_add(sender.end)


def main():
    Gst.init(None)
    missing = [name for name in ELEMENTS if Gst.ElementFactory.find(name) is None]
    if missing:
        sys.exit("missing elements: " + ", ".join(missing))
    if "--check" in sys.argv:
        return
    sender = Sender(json.loads(sys.stdin.readline()))
    threading.Thread(target=listen, args=(sender,), daemon=True).start()
    sender.loop.run()


main()
