// arcgis: sample responses about items, as examples for openapi.yaml.

export const ITEM = {
  id: '4f5c1f0f1c0e4e0d9b2a7c3d5e6f7081',
  owner: 'publisher1',
  created: 1630483200000,
  modified: 1630483200000,
  title: 'Parcels',
  type: 'Feature Service',
  description: 'Parcels of the county.',
  tags: ['parcels', 'land'],
  access: 'org',
}

export const SEARCH_RESULT = { query: 'Parcels', total: 1, start: 1, num: 1, nextStart: -1, results: [ITEM] }
