import { describe, expect, it } from 'vitest'
import { addressesOf, readAddresses } from '../../../dashboard/src/views/devices/read-addresses.ts'

describe('addresses', () => {
  it('that are typed are one to test or several to sweep', () => {
    expect(readAddresses(' 10.1.0.7 ')).toEqual({ ranges: ['10.1.0.7'], single: '10.1.0.7' })
    expect(readAddresses('10.1.0.0/24').single).toBeNull()
    expect(readAddresses('10.1.0.7, 10.1.0.8').ranges).toEqual(['10.1.0.7', '10.1.0.8'])
  })

  it('are found in a file whatever stands beside them, each once', () => {
    const table = [
      'No;Nama;Alamat;Tanggal;Versi',
      '1;"Router Dinkes, lantai 2";10.1.0.7;22.11.2026;6.49.10.1.2',
      "2;Router Dinsos;'10.1.0.8';300.1.1.1;10.1.0.7",
      '3;Jaringan;10.2.0.0/24;2001:db8::1;12:30:45',
    ].join('\r\n')
    expect(addressesOf(table)).toEqual(['10.1.0.7', '10.1.0.8', '10.2.0.0/24', '2001:db8::1'])
    expect(addressesOf('tidak ada alamat')).toEqual([])
  })
})
