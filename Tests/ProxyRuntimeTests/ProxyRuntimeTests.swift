import Testing

@Suite("ProxyRuntime") struct ProxyRuntimeTests {}
