import Testing

@Suite("ManifestStore") struct ManifestStoreTests {}
