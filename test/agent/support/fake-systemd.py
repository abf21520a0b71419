# A manager as systemd shows it on the bus, by Debian's own D-Bus library: `fake-systemd.py ADDRESS UNITS.json`. Says "ready".
import json
import sys

import dbus
import dbus.bus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(sys.argv[1])
recorded = json.load(open(sys.argv[2]))


class Manager(dbus.service.Object):
    @dbus.service.method("org.freedesktop.systemd1.Manager", out_signature="a(ssssssouso)")
    def ListUnits(self):
        return [
            (u["name"], u["description"], u["load"], u["active"], u["sub"], "", u["path"], dbus.UInt32(0), "", "/")
            for u in recorded["units"]
        ]


class Unit(dbus.service.Object):
    def __init__(self, path, timer):
        super().__init__(bus, path)
        self.timer = timer

    @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        assert interface == "org.freedesktop.systemd1.Timer", interface
        return {
            "Unit": dbus.String("some.service"),
            "TimersCalendar": dbus.Array([("OnCalendar", "*-*-* 06:00:00", dbus.UInt64(5))], signature="(sst)"),
            "Result": dbus.String("success"),
            "Persistent": dbus.Boolean(True),
            **{name: dbus.UInt64(int(value)) for name, value in self.timer.items()},
        }


Manager(bus, "/org/freedesktop/systemd1")
for path, timer in recorded["timers"].items():
    Unit(path, timer)
name = dbus.service.BusName("org.freedesktop.systemd1", bus)
print("ready", flush=True)
GLib.MainLoop().run()
