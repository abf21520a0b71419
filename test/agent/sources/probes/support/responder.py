"""Answers pings to all of 10.99.0.0/16 on the tun device tun0, and knows the truth of what it did.

10.99.DROP.DELAY: of the packets to one address each DROP-th gets no answer (0: all get one, 1: none), the others get one
after DELAY milliseconds. A line on standard input is answered by what was heard, what was answered, and the shortest time
in milliseconds that an answer really took, by address, as JSON.
"""
import fcntl, heapq, json, os, select, struct, sys, time

tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH", b"tun0", 0x1001))
print("ready", flush=True)
heard, answered, fastest, later = {}, {}, {}, []


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


while True:
    wait = max(0, later[0][0] - time.monotonic()) if later else None
    ready, _, _ = select.select([tun, 0], [], [], wait)
    while later and later[0][0] <= time.monotonic():
        _, answer, asked, to = heapq.heappop(later)
        os.write(tun, answer)
        fastest[to] = min(fastest.get(to, 1e9), (time.monotonic() - asked) * 1000)
    if 0 in ready:
        if not os.read(0, 65536):
            sys.exit(0)
        print(json.dumps({a: [heard[a], answered.get(a, 0), fastest.get(a)] for a in heard}), flush=True)
    if tun not in ready:
        continue
    packet = os.read(tun, 65536)
    now = time.monotonic()
    if packet[0] >> 4 != 4 or packet[9] != 1 or packet[20] != 8:
        continue
    address = ".".join(map(str, packet[16:20]))
    count = heard[address] = heard.get(address, 0) + 1
    drop, delay = packet[18], packet[19]
    if drop > 0 and count % drop == 0:
        continue
    answered[address] = answered.get(address, 0) + 1
    echo = packet[20:] if len(packet) % 2 == 0 else packet[20:] + b"\0"
    echo = b"\0\0\0\0" + echo[4:]
    echo = echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:]
    heapq.heappush(later, (now + delay / 1000, packet[:12] + packet[16:20] + packet[12:16] + echo, now, address))
