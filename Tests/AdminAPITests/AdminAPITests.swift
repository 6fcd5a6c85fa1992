import Testing

@Suite("AdminAPI") struct AdminAPITests {}
