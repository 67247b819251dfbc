{
  # node-gyp and prebuildify come in here; the build itself is CMakeLists.txt.
  "targets": [
    {
      "target_name": "torch_node",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "message": "Building with CMake (see CMakeLists.txt)",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["build/Release/torch_node.node", "build/Release/loader.node"],
          "action": ["node", "scripts/install/build.js"]
        }
      ]
    }
  ]
}
