import Testing

@Suite("EnvoyModel") struct EnvoyModelTests {}
