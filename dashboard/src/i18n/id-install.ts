/** Texts about installing, upgrading and routers that push, in Indonesian; `en-install.ts` has the same keys. */
export const idInstall = {
  'install.how': 'Jalankan satu baris ini sebagai root di server yang akan dipantau. Server tidak memerlukan internet.',
  'install.loopback':
    'Alamat ini hanya terjangkau dari mesin kolektor sendiri. Agar server lain dapat mendaftar, isi “publicUrl” dan “listen” dalam konfigurasi, lalu nyalakan ulang kolektor.',
  'install.line': 'Baris pemasangan',
  'install.by-hand': 'Atau jalankan dari sumbernya, dengan rahasia di sebuah berkas:',
  'install.hindrance.public-url-missing':
    'Isi publicUrl pada konfigurasi kolektor dahulu: agen di mesin lain harus tahu alamatnya.',
  'install.hindrance.public-url-plain':
    'publicUrl diawali http://: agen di mesin lain hanya berbicara https. Ubah konfigurasi kolektor.',
  'install.hindrance.not-built': 'Agen belum dibangun di kolektor ini: jalankan "npm run build" di sana.',
  'install.no-node': 'Kolektor ini belum mempunyai Node untuk {arch}; lihat panduan "Menambah server".',
  'install.not-here':
    'Jangan di mesin kolektor sendiri: di sana sudah ada agen, dan agen ini akan mengambil tempatnya.',
  'install.replaced-noc':
    'Agen di {name} mengambil tempat agen milik kolektor, karena keduanya di satu mesin. Yang tadinya ditanya dan diuji oleh agen milik kolektor kini tidak ditanya siapa pun. Serahkan ke agen lain, di halaman tiap perangkat.',
  'install.waiting': 'Menunggu agen mendaftar …',
  'install.waiting-sample': '{name} terdaftar, menunggu hasil ukur pertama …',
  'install.arrived': 'Hasil ukur pertama dari {name} tiba',
  'upgrade.allow': 'Izinkan pembaruan',
  'upgrade.allow-all': 'Izinkan pembaruan semua agen',
  'upgrade.allowed': '{name} boleh memperbarui diri',
  'upgrade.allowed-all': 'Semua agen boleh memperbarui diri',
  'upgrade.state.allowed': 'pembaruan diizinkan',
  'upgrade.state.failed': 'pembaruan gagal, kembali ke versi lama',
  'upgrade.ask.title': 'Izinkan {name} memperbarui diri?',
  'upgrade.ask.text':
    'Agen mengambil paket bertanda tangan dari kolektor ini, memulai ulang dirinya, dan kembali ke versi lama bila versi baru tidak mengirim.',
  'upgrade.ask.all': 'semua agen',
  'router.title': 'Router yang mengirim sendiri',
  'router.text': 'Untuk OpenWrt dan RouterOS: skrip beberapa baris yang mengirim tiap menit dengan kuncinya sendiri.',
  'router.name': 'Nama router',
  'router.system': 'Sistem',
  'router.system.openwrt': 'OpenWrt (curl atau wget)',
  'router.system.routeros': 'RouterOS (MikroTik)',
  'router.create': 'Buat skrip',
  'router.made': 'Skrip untuk “{name}”',
  'router.once': 'Skrip ini memuat kunci router dan hanya ditampilkan sekali.',
  'router.script': 'Skrip',
  'router.how.openwrt': 'Tempel di terminal router (ssh) sebagai root.',
  'router.how.routeros': 'Tempel di terminal RouterOS (Winbox atau ssh).',
  'router.badge': 'router',
} as const
