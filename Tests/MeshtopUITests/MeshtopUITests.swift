import Testing

@Suite("MeshtopUI") struct MeshtopUITests {}
