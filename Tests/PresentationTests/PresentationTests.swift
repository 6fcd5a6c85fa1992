import Testing

@Suite("Presentation") struct PresentationTests {}
