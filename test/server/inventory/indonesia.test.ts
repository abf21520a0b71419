import { expect, it } from 'vitest'
import { distanceKm, isInIndonesia } from '../../../server/inventory/indonesia.ts'

type Place = [name: string, latitude: number, longitude: number]

const HERE: Place[] = [
  ...([
    ['Banda Aceh', 5.55, 95.32],
    ['Sabang', 5.89, 95.32],
    ['Medan', 3.59, 98.67],
    ['Dumai', 1.67, 101.45],
    ['Pekanbaru', 0.53, 101.45],
    ['Tanjung Balai Karimun', 0.99, 103.42],
    ['Batam', 1.13, 104.05],
    ['Tanjungpinang', 0.92, 104.45],
    ['Natuna', 3.94, 108.38],
    ['Pontianak', -0.03, 109.34],
    ['Singkawang', 0.91, 108.98],
    ['Putussibau', 0.84, 112.93],
    ['Tarakan', 3.31, 117.63],
    ['Nunukan', 4.13, 117.66],
    ['Jakarta', -6.2, 106.82],
    ['Surakarta', -7.57, 110.82],
    ['Denpasar', -8.65, 115.22],
    ['Kupang', -10.18, 123.6],
    ['Atambua', -9.1, 124.89],
    ['Kalabahi', -8.22, 124.51],
  ] satisfies Place[]),
  ...([
    ['Palopo', -2.99, 120.2],
    ['Manado', 1.47, 124.84],
    ['Tahuna', 3.61, 125.49],
    ['Ternate', 0.79, 127.38],
    ['Ambon', -3.7, 128.18],
    ['Jayapura', -2.53, 140.72],
    ['Merauke', -8.5, 140.4],
  ] satisfies Place[]),
]

const ELSEWHERE: Place[] = [
  ['Singapore', 1.35, 103.82],
  ['Johor Bahru', 1.49, 103.74],
  ['Kuala Lumpur', 3.14, 101.69],
  ['Penang', 5.41, 100.33],
  ['Malacca', 2.19, 102.25],
  ['Kuching', 1.55, 110.35],
  ['Miri', 4.4, 113.99],
  ['Bandar Seri Begawan', 4.9, 114.94],
  ['Kota Kinabalu', 5.98, 116.07],
  ['Tawau', 4.24, 117.89],
  ['Dili', -8.56, 125.57],
  ['General Santos', 6.11, 125.17],
  ['Port Moresby', -9.44, 147.18],
  ['Darwin', -12.46, 130.84],
  ['Christmas Island', -10.49, 105.63],
  ['Bangkok', 13.75, 100.5],
]

it('knows which places lie in Indonesia: a recovery centre in Singapore does not', () => {
  const found = ([, latitude, longitude]: Place) => isInIndonesia({ latitude, longitude })
  expect(HERE.filter(place => !found(place)).map(([name]) => name)).toEqual([])
  expect(ELSEWHERE.filter(found).map(([name]) => name)).toEqual([])
})

it('measures along the great circle: Solo to Yogyakarta', () => {
  const km = distanceKm({ latitude: -7.5666, longitude: 110.8167 }, { latitude: -7.8014, longitude: 110.3644 })
  expect(km).toBeGreaterThan(55)
  expect(km).toBeLessThan(57)
})
