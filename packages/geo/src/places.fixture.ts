import type { MmdbContent } from './mmdb-writer.fixture.ts';

const nestedCity = (country: string, latitude: number, longitude: number, subdivision: string) => ({
  continent: { code: 'EU', names: { en: 'Europe' } },
  country: { iso_code: country, names: { en: country } },
  location: { latitude, longitude },
  subdivisions: [{ iso_code: subdivision }],
});

/** A flat file of DB-IP, like the default data. */
export const flatIpv4: MmdbContent = {
  databaseType: 'city ipv4',
  ipVersion: 4,
  recordSize: 28,
  networks: {
    '81.2.69.0/24': { city: 'London', country_code: 'GB', latitude: 51.5, longitude: -0.1, state1: 'England' },
    '8.8.8.0/24': {
      city: 'Mountain View',
      country_code: 'US',
      latitude: 37.4,
      longitude: -122.1,
      state1: 'California',
    },
    // An IPv4 file would return this record for every 2a02:… address.
    '42.2.0.0/16': { city: 'Central', country_code: 'HK', latitude: 22.3, longitude: 114.2, state1: 'Central' },
  },
};

export const flatIpv6: MmdbContent = {
  databaseType: 'city ipv6',
  ipVersion: 6,
  recordSize: 28,
  networks: {
    '2a02:d100::/32': { city: 'Gdansk', country_code: 'PL', latitude: 54.4, longitude: 18.6, state1: 'Pomerania' },
  },
};

export const nestedCityFile: MmdbContent = {
  databaseType: 'GeoLite2-City',
  ipVersion: 6,
  networks: {
    '81.2.69.0/24': nestedCity('GB', 51.5, -0.1, 'ENG'),
    '2a02:d100::/32': nestedCity('PL', 54.4, 18.6, '22'),
  },
};

export const nestedCountryFile: MmdbContent = {
  databaseType: 'DBIP-Country-Lite',
  ipVersion: 6,
  recordSize: 32,
  networks: {
    '81.2.69.0/24': { continent: { code: 'EU' }, country: { iso_code: 'GB' } },
    '2a02:d100::/32': { continent: { code: 'EU' }, country: { iso_code: 'PL' } },
  },
};

/** The shape of IPinfo Lite: names and codes side by side. */
export const ipinfoLiteFile: MmdbContent = {
  databaseType: 'ipinfo bundle_location_lite.mmdb',
  ipVersion: 6,
  recordSize: 32,
  networks: {
    '81.2.69.0/24': { continent: 'Europe', continent_code: 'EU', country: 'United Kingdom', country_code: 'GB' },
    '2a02:d100::/32': { continent: 'Europe', continent_code: 'EU', country: 'Poland', country_code: 'PL' },
  },
};
