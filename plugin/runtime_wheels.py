# SPDX-License-Identifier: GPL-3.0-or-later
"""The ONNX Runtime wheels that the plugin may install, by name and SHA-256, as published on PyPI on 2026-11-27.

Each is the newest release of its build for that Python and computer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wheel:
    """One published file."""

    version: str
    filename: str
    sha256: str

    @property
    def project(self) -> str:
        """Its name in a package index."""
        return self.filename.partition("-")[0].replace("_", "-")


WHEELS = {
    ("cp39", "linux-x86_64"): Wheel(
        "1.19.2",
        "onnxruntime-1.19.2-cp39-cp39-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "fae4b4de45894b9ce7ae418c5484cbf0341db6813effec01bb2216091c52f7fb",  # pragma: allowlist secret
    ),
    ("cp39", "linux-arm64"): Wheel(
        "1.19.2",
        "onnxruntime-1.19.2-cp39-cp39-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
        "df2a94179a42d530b936f154615b54748239c2908ee44f0d722cb4df10670f68",  # pragma: allowlist secret
    ),
    ("cp39", "windows-x86_64"): Wheel(
        "1.19.2",
        "onnxruntime-1.19.2-cp39-cp39-win_amd64.whl",
        "38475e29a95c5f6c62c2c603d69fc7d4c6ccbf4df602bd567b86ae1138881c49",  # pragma: allowlist secret
    ),
    ("cp39", "macos-arm64"): Wheel(
        "1.19.2",
        "onnxruntime-1.19.2-cp39-cp39-macosx_11_0_universal2.whl",
        "006c8d326835c017a9e9f74c9c77ebb570a71174a1e89fe078b29a557d9c3848",  # pragma: allowlist secret
    ),
    ("cp39", "macos-x86_64"): Wheel(
        "1.19.2",
        "onnxruntime-1.19.2-cp39-cp39-macosx_11_0_universal2.whl",
        "006c8d326835c017a9e9f74c9c77ebb570a71174a1e89fe078b29a557d9c3848",  # pragma: allowlist secret
    ),
    ("cp310", "linux-x86_64"): Wheel(
        "1.23.2",
        "onnxruntime-1.23.2-cp310-cp310-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "4ca88747e708e5c67337b0f65eed4b7d0dd70d22ac332038c9fc4635760018f7",  # pragma: allowlist secret
    ),
    ("cp310", "linux-arm64"): Wheel(
        "1.23.2",
        "onnxruntime-1.23.2-cp310-cp310-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
        "8f7d1fe034090a1e371b7f3ca9d3ccae2fabae8c1d8844fb7371d1ea38e8e8d2",  # pragma: allowlist secret
    ),
    ("cp310", "windows-x86_64"): Wheel(
        "1.23.2",
        "onnxruntime-1.23.2-cp310-cp310-win_amd64.whl",
        "0be6a37a45e6719db5120e9986fcd30ea205ac8103fd1fb74b6c33348327a0cc",  # pragma: allowlist secret
    ),
    ("cp310", "macos-arm64"): Wheel(
        "1.23.2",
        "onnxruntime-1.23.2-cp310-cp310-macosx_13_0_arm64.whl",
        "a7730122afe186a784660f6ec5807138bf9d792fa1df76556b27307ea9ebcbe3",  # pragma: allowlist secret
    ),
    ("cp310", "macos-x86_64"): Wheel(
        "1.23.2",
        "onnxruntime-1.23.2-cp310-cp310-macosx_13_0_x86_64.whl",
        "b28740f4ecef1738ea8f807461dd541b8287d5650b5be33bca7b474e3cbd1f36",  # pragma: allowlist secret
    ),
    ("cp311", "linux-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_x86_64.whl",
        "5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d",  # pragma: allowlist secret
    ),
    ("cp311", "linux-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_aarch64.whl",
        "2303372a85299b6757b0e11e1cbf13e410ddf7e10c37f4b37e99d1c90e7daf7c",  # pragma: allowlist secret
    ),
    ("cp311", "windows-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp311-cp311-win_amd64.whl",
        "d7e0c45cc5f456ad7805e6dd256a7662736cda9c2fd17becae194eb3c2f6df72",  # pragma: allowlist secret
    ),
    ("cp311", "windows-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp311-cp311-win_arm64.whl",
        "23361cdf98afac352d10aa7d9e0a10ceaeb02d38430fb693c6eff370196db62d",  # pragma: allowlist secret
    ),
    ("cp311", "macos-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp311-cp311-macosx_14_0_arm64.whl",
        "366b9e53d07812cc5c92822cecf7563b76a8a0f32ba3bb8dd232a206ac3bcb6c",  # pragma: allowlist secret
    ),
    ("cp312", "linux-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp312-cp312-manylinux_2_28_x86_64.whl",
        "99e1074c4b2197accd5073052a465361be17b89c093b8ffb6e6bd8f986c52df8",  # pragma: allowlist secret
    ),
    ("cp312", "linux-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp312-cp312-manylinux_2_28_aarch64.whl",
        "e36c187006e7a7c8b8d6d57f1a209dd63f52430dca6c282b177718ad6b841054",  # pragma: allowlist secret
    ),
    ("cp312", "windows-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp312-cp312-win_amd64.whl",
        "efe7456952c243a05a53d5b8732953625144642c2f3989094277f6217f0c0c40",  # pragma: allowlist secret
    ),
    ("cp312", "windows-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp312-cp312-win_arm64.whl",
        "64d394c69d561af3efd4d4f49dcac8f11d0ce135a20701c16d53b74056cd4cf8",  # pragma: allowlist secret
    ),
    ("cp312", "macos-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp312-cp312-macosx_14_0_arm64.whl",
        "d52510bbbcc880c13b826f7d75cdf33ac5cf0bb864d960000fc29ce73f0cb83e",  # pragma: allowlist secret
    ),
    ("cp313", "linux-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp313-cp313-manylinux_2_28_x86_64.whl",
        "02ea12a28c069ea8510093d95a7f6ff8126bfd9fc5c0d3381c03b80fb2b424ba",  # pragma: allowlist secret
    ),
    ("cp313", "linux-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp313-cp313-manylinux_2_28_aarch64.whl",
        "54d02baff2df38777b4c3cc7af326406fe8b8a48f54720f4c446d2d327920a79",  # pragma: allowlist secret
    ),
    ("cp313", "windows-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp313-cp313-win_amd64.whl",
        "c7f9aa98036ba2a47aa041a4a8c6d0a1f7bfe1bde44c131dcd15ce334f2f148d",  # pragma: allowlist secret
    ),
    ("cp313", "windows-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp313-cp313-win_arm64.whl",
        "29e4b0fdd3bea834ace358bd8c48641266ec327f730363ab0ab5d0ca574d38fe",  # pragma: allowlist secret
    ),
    ("cp313", "macos-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp313-cp313-macosx_14_0_arm64.whl",
        "27bf5dad46355a8a435c9c4e1556464d99ca834ea44e0f452909712068b8821b",  # pragma: allowlist secret
    ),
    ("cp314", "linux-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp314-cp314-manylinux_2_28_x86_64.whl",
        "48b878f9551d465aa79ee94ecaf49a1f6b5d27f2975efa775ded374db14d0af1",  # pragma: allowlist secret
    ),
    ("cp314", "linux-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp314-cp314-manylinux_2_28_aarch64.whl",
        "4135431395c1f37de0811f452c20a8b774f51812fda6c49611ed9899bbdbeeb4",  # pragma: allowlist secret
    ),
    ("cp314", "windows-x86_64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp314-cp314-win_amd64.whl",
        "2b08ee990d00ab2ee129c5e039f7339963335a4d76f5bd22bfb4f896ae1cec0a",  # pragma: allowlist secret
    ),
    ("cp314", "windows-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp314-cp314-win_arm64.whl",
        "b33d822c19d036944bd969491d20095fc8def8ad0f32a969f6376df7568c0344",  # pragma: allowlist secret
    ),
    ("cp314", "macos-arm64"): Wheel(
        "1.32.0",
        "onnxruntime-1.32.0-cp314-cp314-macosx_14_0_arm64.whl",
        "ab327b736552324af8d2a38bef5a65ed773f67184a36ff642beec7f5b4e9b03f",  # pragma: allowlist secret
    ),
}

OPENVINO_WHEELS = {
    ("cp310", "linux-x86_64"): Wheel(
        "1.23.0",
        "onnxruntime_openvino-1.23.0-cp310-cp310-manylinux_2_28_x86_64.whl",
        "288cacec7ecbc7fc12ecccfc26edbbd760881c1e9e105dd922b68f9f8c7ed083",  # pragma: allowlist secret
    ),
    ("cp311", "linux-x86_64"): Wheel(
        "1.24.1",
        "onnxruntime_openvino-1.24.1-cp311-cp311-manylinux_2_28_x86_64.whl",
        "3007c803634cc69c6d52af1dea7ce729d9bb62b9a11070fd2f959119199007a8",  # pragma: allowlist secret
    ),
    ("cp312", "linux-x86_64"): Wheel(
        "1.24.1",
        "onnxruntime_openvino-1.24.1-cp312-cp312-manylinux_2_28_x86_64.whl",
        "d617fac2f59a6ab5ea59a788c3e1592240a129642519aaeaa774761dfe35150e",  # pragma: allowlist secret
    ),
    ("cp313", "linux-x86_64"): Wheel(
        "1.24.1",
        "onnxruntime_openvino-1.24.1-cp313-cp313-manylinux_2_28_x86_64.whl",
        "2c3bb73e68ac27f4891af8a595c1faf574ec68b772e6583c90a0b997a1822782",  # pragma: allowlist secret
    ),
}
"""The build that computes through OpenVINO, too. Only those for Linux have OpenVINO's libraries in them."""
