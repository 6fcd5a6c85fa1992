import Testing

@Suite("TrafficEngine") struct TrafficEngineTests {}
