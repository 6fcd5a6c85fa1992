import Testing

@Suite("MeshModel") struct MeshModelTests {}
