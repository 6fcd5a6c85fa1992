import Testing

@Suite("ProxyCore") struct ProxyCoreTests {}
