<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pt" sourcelanguage="en">
 <context>
  <name>DbcrAlgorithm</name>
  <message>
   <source>Assess against a reference</source>
   <translation>Avaliar com uma referência</translation>
  </message>
  <message>
   <source>&lt;p&gt;Compares an image with a reference of the same place: PSNR, SSIM, mean absolute error and spectral angle, over the bands both have, for all pixels and, with a cloud mask, for cloudy and clear ones apart.&lt;/p&gt;&lt;p&gt;A reference from another date differs by more than the reconstruction's error: the ground changed too.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Compara uma imagem com uma referência do mesmo lugar: PSNR, SSIM, erro absoluto médio e ângulo espectral, nas bandas comuns, para todos os píxeis e, com uma máscara de nuvens, em separado para os nublados e os limpos.&lt;/p&gt;&lt;p&gt;Uma referência de outra data difere em mais do que o erro da reconstrução: também o solo mudou.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Image to assess</source>
   <translation>Imagem a avaliar</translation>
  </message>
  <message>
   <source>Reference image</source>
   <translation>Imagem de referência</translation>
  </message>
  <message>
   <source>Cloud mask</source>
   <translation>Máscara de nuvens</translation>
  </message>
  <message>
   <source>Assessment of a cloud-free image</source>
   <translation>Avaliação de uma imagem sem nuvens</translation>
  </message>
  <message>
   <source>A page with the figures and a chart per band.</source>
   <translation>Uma página com os valores e um gráfico por banda.</translation>
  </message>
  <message>
   <source>The same for programs.</source>
   <translation>O mesmo para programas.</translation>
  </message>
  <message>
   <source>all</source>
   <translation>todos</translation>
  </message>
  <message>
   <source>cloudy</source>
   <translation>nublados</translation>
  </message>
  <message>
   <source>clear</source>
   <translation>limpos</translation>
  </message>
  <message>
   <source>accuracy,psnr,ssim,mae,sam,validation,compare</source>
   <translation>exatidão,psnr,ssim,mae,sam,validação,comparar</translation>
  </message>
  <message>
   <source>A result of this plugin, say.</source>
   <translation>Por exemplo, um resultado deste módulo.</translation>
  </message>
  <message>
   <source>A clear image from about the same date.</source>
   <translation>Uma imagem limpa de aproximadamente a mesma data.</translation>
  </message>
  <message>
   <source>Scores its pixels and the others apart.</source>
   <translation>Avalia em separado os seus píxeis e os restantes.</translation>
  </message>
  <message>
   <source>Bands of the image to assess, in file order</source>
   <translation>Bandas da imagem a avaliar, na ordem do ficheiro</translation>
  </message>
  <message>
   <source>Bands of the reference image, in file order</source>
   <translation>Bandas da imagem de referência, na ordem do ficheiro</translation>
  </message>
  <message>
   <source>Values of the image to assess are</source>
   <translation>Os valores da imagem a avaliar são</translation>
  </message>
  <message>
   <source>Values of the reference image are</source>
   <translation>Os valores da imagem de referência são</translation>
  </message>
  <message>
   <source>Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), reflectance (0 … 1).</source>
   <translation>Prevalece sobre o que foi detetado: dn (reflectância × 10000), dn-1000 (com o desvio ainda incluído), reflectance (0 … 1).</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Relatório</translation>
  </message>
  <message>
   <source>Figures as JSON</source>
   <translation>Valores em JSON</translation>
  </message>
  <message>
   <source>Report (JSON)</source>
   <translation>Relatório (JSON)</translation>
  </message>
  <message>
   <source>image to assess</source>
   <translation>imagem a avaliar</translation>
  </message>
  <message>
   <source>reference image</source>
   <translation>imagem de referência</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>máscara de nuvens</translation>
  </message>
  <message>
   <source>pixels</source>
   <translation>píxeis</translation>
  </message>
  <message>
   <source>count</source>
   <translation>número</translation>
  </message>
  <message>
   <source>Mean absolute error per band, in reflectance</source>
   <translation>Erro absoluto médio por banda, em reflectância</translation>
  </message>
  <message>
   <source>Where they differ</source>
   <translation>Onde diferem</translation>
  </message>
  <message>
   <source>White: no difference; dark red: 0.1 reflectance and more; grey: no data.</source>
   <translation>Branco: sem diferença; vermelho escuro: reflectância de 0,1 ou mais; cinzento: sem dados.</translation>
  </message>
  <message>
   <source>A .dbcr file; default: the one chosen in the options, or else the bundled model.</source>
   <translation>Um ficheiro .dbcr; por omissão, o modelo escolhido nas opções ou, se não houver nenhum, o incluído.</translation>
  </message>
  <message>
   <source>Otherwise files that lead there, such as virtual rasters of web addresses, are refused.</source>
   <translation>Caso contrário, ficheiros que lá levam, como rasters virtuais de endereços web, são recusados.</translation>
  </message>
  <message>
   <source>Mask values are</source>
   <translation>Os valores da máscara são</translation>
  </message>
  <message>
   <source>auto decides by name and values; binary (above 0 is cloud), probability, or scl (scene classes).</source>
   <translation>auto decide pelo nome e pelos valores; binary (acima de 0 é nuvem), probability (probabilidade) ou scl (classes de cena).</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands; - skips a band.</source>
   <translation>Só se o ficheiro não indicar as suas bandas; - salta uma banda.</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>imagem ótica</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>imagem SAR</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Ficheiro do modelo</translation>
  </message>
  <message>
   <source>Read inputs over the network, too</source>
   <translation>Ler entradas também pela rede</translation>
  </message>
  <message>
   <source>Diagnostics</source>
   <translation>Diagnóstico</translation>
  </message>
  <message>
   <source>&lt;p&gt;Writes versions, the ONNX Runtime found, the model and this plugin's settings to the log: the text to paste into a bug report. It names folders on your computer; look it over before you post it.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Escreve no registo as versões, o ONNX Runtime encontrado, o modelo e as definições deste módulo: o texto para um relatório de erro. Indica pastas do seu computador; reveja-o antes de o publicar.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>version,support,bug,report</source>
   <translation>versão,ajuda,erro,relatório</translation>
  </message>
  <message>
   <source>Inspect inputs</source>
   <translation>Inspecionar as entradas</translation>
  </message>
  <message>
   <source>&lt;p&gt;Says what “Remove clouds” would find in the inputs: which bands and how they were recognised, L1C or L2A, whether the −1000 offset is still in, decibels or power, grids, overlap, dates, cloud share; and warns of snow, water, cirrus, saturation and gaps.&lt;/p&gt;&lt;p&gt;Nothing is computed and nothing is changed.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Diz o que «Remover nuvens» encontraria nas entradas: que bandas e como foram reconhecidas, L1C ou L2A, se o desvio de −1000 ainda está incluído, decibéis ou potência, grelhas, sobreposição, datas, fração de nuvens; e avisa de neve, água, cirros, saturação e falhas.&lt;/p&gt;&lt;p&gt;Nada é calculado e nada é alterado.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>O que se encontrou nas entradas</translation>
  </message>
  <message>
   <source>A page with what was found.</source>
   <translation>Uma página com o que se encontrou.</translation>
  </message>
  <message>
   <source>check,bands,radiometry,offset,decibel,overlap,sentinel</source>
   <translation>verificar,bandas,radiometria,desvio,decibel,sobreposição,sentinel</translation>
  </message>
  <message>
   <source>Cloudy Sentinel-2 image</source>
   <translation>Imagem Sentinel-2 com nuvens</translation>
  </message>
  <message>
   <source>L1C or L2A, 3 bands or more.</source>
   <translation>L1C ou L2A, a partir de 3 bandas.</translation>
  </message>
  <message>
   <source>Sentinel-1 image</source>
   <translation>Imagem Sentinel-1</translation>
  </message>
  <message>
   <source>VV and VH, in any unit, on any grid.</source>
   <translation>VV e VH, em qualquer unidade e grelha.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or scene classes.</source>
   <translation>0 e 1, probabilidade de nuvem ou classes de cena.</translation>
  </message>
  <message>
   <source>Optical bands, in file order</source>
   <translation>Bandas ópticas, na ordem do ficheiro</translation>
  </message>
  <message>
   <source>SAR bands, in file order</source>
   <translation>Bandas SAR, na ordem do ficheiro</translation>
  </message>
  <message>
   <source>Optical values are</source>
   <translation>Os valores óticos são</translation>
  </message>
  <message>
   <source>SAR values are</source>
   <translation>Os valores SAR são</translation>
  </message>
  <message>
   <source>Overrules what was detected.</source>
   <translation>Prevalece sobre o que foi detetado.</translation>
  </message>
  <message>
   <source>Report as JSON</source>
   <translation>Relatório em JSON</translation>
  </message>
  <message>
   <source>Number of warnings</source>
   <translation>Número de avisos</translation>
  </message>
  <message>
   <source>Install ONNX Runtime</source>
   <translation>Instalar o ONNX Runtime</translation>
  </message>
  <message>
   <source>&lt;p&gt;Adds ONNX Runtime, which runs the networks, to a folder of this plugin in your QGIS profile. QGIS's own Python packages stay as they are.&lt;/p&gt;&lt;p&gt;The file comes from PyPI (up to 30 MB) and is accepted only with the SHA-256 that this version of the plugin knows. On a computer without a network, give the same wheel as a file.&lt;/p&gt;&lt;p&gt;The build &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, three times that on disk) can be faster on some Intel processors. With the device &lt;i&gt;auto&lt;/i&gt; the plugin measures on this computer whether it is, and uses it only then.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Adiciona o ONNX Runtime, que executa as redes, numa pasta deste módulo no seu perfil do QGIS. Os pacotes Python do QGIS ficam como estão.&lt;/p&gt;&lt;p&gt;O ficheiro vem do PyPI (até 30 MB) e só é aceite com o SHA-256 que esta versão do módulo conhece. Num computador sem rede, indique o mesmo wheel em ficheiro.&lt;/p&gt;&lt;p&gt;A variante &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, o triplo no disco) pode ser mais rápida em alguns processadores Intel. Com o dispositivo &lt;i&gt;auto&lt;/i&gt;, o módulo mede neste computador se é, e só então a usa.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Leave empty to download.</source>
   <translation>Deixar vazio para descarregar.</translation>
  </message>
  <message>
   <source>Build</source>
   <translation>Variante</translation>
  </message>
  <message>
   <source>“openvino” (Linux, 84 MB) can be faster on Intel processors. A wheel may be of either.</source>
   <translation>“openvino” (Linux, 84 MB) pode ser mais rápida em processadores Intel. Um wheel pode ser de qualquer uma.</translation>
  </message>
  <message>
   <source>Takes effect when QGIS starts again.</source>
   <translation>Tem efeito ao reiniciar o QGIS.</translation>
  </message>
  <message>
   <source>onnx,runtime,setup,dependency</source>
   <translation>onnx,runtime,instalação,dependência</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel em disco</translation>
  </message>
  <message>
   <source>Install even where a runtime works already</source>
   <translation>Instalar mesmo que já funcione um runtime</translation>
  </message>
  <message>
   <source>Version</source>
   <translation>Versão</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Pasta</translation>
  </message>
  <message>
   <source>ONNX Runtime works already, nothing was installed; AGAIN=true installs all the same.</source>
   <translation>O ONNX Runtime já funciona, nada foi instalado; AGAIN=true instala mesmo assim.</translation>
  </message>
  <message>
   <source>Installed; it is used when QGIS starts again.</source>
   <translation>Instalado; será usado quando o QGIS voltar a iniciar.</translation>
  </message>
  <message>
   <source>Downloading {}</source>
   <translation>A descarregar {}</translation>
  </message>
  <message>
   <source>Installed, but the ONNX Runtime in {} goes before it; remove that one.</source>
   <translation>Instalado, mas o ONNX Runtime em {} vem antes; remova esse.</translation>
  </message>
  <message>
   <source>Remove clouds</source>
   <translation>Remover nuvens</translation>
  </message>
  <message>
   <source>Reconstructs the ground under clouds of a Sentinel-2 image with a Sentinel-1 image.</source>
   <translation>Reconstrói o solo sob as nuvens de uma imagem Sentinel-2 com uma imagem Sentinel-1.</translation>
  </message>
  <message>
   <source>&lt;p&gt;Reconstructs what clouds and their shadows hide in a Sentinel-2 image, with the help of a Sentinel-1 radar image of the same place from about the same time.&lt;/p&gt;&lt;p&gt;Bands, data type, scale, grid and metadata of the result are those of the optical input. Pixels outside the cloud mask stay exactly as they are. Bands are found by name or wavelength, units by metadata and values; the log says what was found, and the advanced parameters overrule it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; is the number of network evaluations: 1 is fastest and closest to the truth on average, more gives sharper texture and takes longer: 3 twice as long, 5 three times.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Reconstructed pixels are estimates.&lt;/b&gt; Use the second output to tell them from observed ones.&lt;/p&gt;&lt;p&gt;On a server: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian and Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</source>
   <translation>&lt;p&gt;Reconstrói o que as nuvens e as suas sombras escondem numa imagem Sentinel-2, com a ajuda de uma imagem de radar Sentinel-1 do mesmo lugar e de aproximadamente a mesma época.&lt;/p&gt;&lt;p&gt;As bandas, o tipo de dados, a escala, a grelha e os metadados do resultado são os da entrada ótica. Os píxeis fora da máscara de nuvens ficam exatamente como estão. As bandas são reconhecidas pelo nome ou comprimento de onda, as unidades pelos metadados e valores; o registo diz o que se encontrou, e os parâmetros avançados prevalecem.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; é o número de avaliações da rede: 1 é o mais rápido e, em média, o mais próximo da verdade; mais dá uma textura mais nítida e demora mais: 3 o dobro, 5 o triplo.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Os píxeis reconstruídos são estimativas.&lt;/b&gt; A segunda saída distingue-os dos observados.&lt;/p&gt;&lt;p&gt;Num servidor: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian e Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</translation>
  </message>
  <message>
   <source>cloud,shadow,sentinel-2,sentinel-1,sar,radar,reconstruct,gap,diffusion,deep learning</source>
   <translation>nuvem,sombra,sentinel-2,sentinel-1,sar,radar,reconstruir,falha,difusão,aprendizagem profunda</translation>
  </message>
  <message>
   <source>L1C or L2A, any number of bands from 3; a raster file or a layer read from one.</source>
   <translation>L1C ou L2A, a partir de 3 bandas; um ficheiro raster ou uma camada lida de um.</translation>
  </message>
  <message>
   <source>VV and VH, in decibels, power or amplitude, on any grid. Without it the result is much poorer.</source>
   <translation>VV e VH, em decibéis, potência ou amplitude, em qualquer grelha. Sem ela o resultado é muito pior.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or Sentinel-2 scene classes. Without one the model finds the clouds.</source>
   <translation>0 e 1, probabilidade de nuvem ou classes de cena do Sentinel-2. Sem máscara o modelo encontra as nuvens.</translation>
  </message>
  <message>
   <source>Steps of the bridge from the cloudy to the clear image.</source>
   <translation>Passos da ponte entre a imagem nublada e a limpa.</translation>
  </message>
  <message>
   <source>Overrules what was detected: decibels, linear power or amplitude.</source>
   <translation>Prevalece sobre o que foi detetado: decibéis, potência linear ou amplitude.</translation>
  </message>
  <message>
   <source>Outside the radar image the result is then reconstructed without radar.</source>
   <translation>Fora da imagem de radar reconstrói-se então sem radar.</translation>
  </message>
  <message>
   <source>Only this part of the image; default: all of it.</source>
   <translation>Só esta parte da imagem; por omissão, toda.</translation>
  </message>
  <message>
   <source>Where to reconstruct</source>
   <translation>Onde reconstruir</translation>
  </message>
  <message>
   <source>auto: inside the mask, or where the model sees cloud and shadow if there is no mask; none: every pixel.</source>
   <translation>auto: dentro da máscara ou, se não houver, onde o modelo vê nuvem e sombra; none: cada píxel.</translation>
  </message>
  <message>
   <source>Share of certainty, 0 … 1, from which a pixel counts as cloud; default: one half, or the model's.</source>
   <translation>Grau de certeza, 0 … 1, a partir do qual um píxel conta como nuvem; por omissão, um meio ou o do modelo.</translation>
  </message>
  <message>
   <source>Under opaque cloud, the broad level of each band follows the clear land around; off, or where there is too little of it: as bright as the model believes.</source>
   <translation>Sob nuvens opacas, o nível geral de cada banda segue o terreno limpo em redor; desligado, ou onde há muito pouco: tão claro quanto o modelo supõe.</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; torch needs a worker.</source>
   <translation>auto usa o mais rápido disponível; torch precisa de um processo auxiliar.</translation>
  </message>
  <message>
   <source>Run in another Python, which has torch or a CUDA build of ONNX Runtime; default: inside QGIS.</source>
   <translation>Executar noutro Python, que tenha torch ou um ONNX Runtime para CUDA; por omissão, dentro do QGIS.</translation>
  </message>
  <message>
   <source>Processor threads for the network.</source>
   <translation>Threads do processador para a rede.</translation>
  </message>
  <message>
   <source>Pixels that neighbouring tiles share, blended without a seam; default: a quarter of a tile.</source>
   <translation>Píxeis que blocos vizinhos partilham, fundidos sem costura; por omissão: um quarto de bloco.</translation>
  </message>
  <message>
   <source>Sampler</source>
   <translation>Amostrador</translation>
  </message>
  <message>
   <source>ode: no randomness; sde: the paper's stochastic variant, reproducible by its seed.</source>
   <translation>ode: sem acaso; sde: a variante estocástica do artigo, reprodutível pela semente.</translation>
  </message>
  <message>
   <source>The same seed gives the same result.</source>
   <translation>A mesma semente dá o mesmo resultado.</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Compressão</translation>
  </message>
  <message>
   <source>Both without loss: deflate is read by every program, zstd is made and read in half the time.</source>
   <translation>Ambas sem perda: deflate é lido por qualquer programa, zstd é escrito e lido na metade do tempo.</translation>
  </message>
  <message>
   <source>A cloud-optimised GeoTIFF.</source>
   <translation>Um GeoTIFF otimizado para a nuvem.</translation>
  </message>
  <message>
   <source>Network evaluations (1 faithful … 10 sharp)</source>
   <translation>Avaliações da rede (1 fiel … 10 nítida)</translation>
  </message>
  <message>
   <source>Go on where SAR covers only a part</source>
   <translation>Continuar se o SAR cobrir só uma parte</translation>
  </message>
  <message>
   <source>Extent</source>
   <translation>Extensão</translation>
  </message>
  <message>
   <source>Mask threshold</source>
   <translation>Limiar da máscara</translation>
  </message>
  <message>
   <source>As bright as the clear land around</source>
   <translation>Tão claro quanto o terreno limpo em redor</translation>
  </message>
  <message>
   <source>Grow the mask by (pixels)</source>
   <translation>Alargar a máscara (píxeis)</translation>
  </message>
  <message>
   <source>For masks that miss the rim of clouds; default: layer 0, the model's own mask 4.</source>
   <translation>Para máscaras que omitem a orla das nuvens; por omissão, camada 0, máscara do modelo 4.</translation>
  </message>
  <message>
   <source>Feather inside the mask (pixels)</source>
   <translation>Suavizar dentro da máscara (píxeis)</translation>
  </message>
  <message>
   <source>The change fades in from the mask's edge inwards; default: layer 0, model 4.</source>
   <translation>A alteração entra aos poucos da orla da máscara para dentro; por omissão, camada 0, modelo 4.</translation>
  </message>
  <message>
   <source>Worker's Python</source>
   <translation>Python do processo auxiliar</translation>
  </message>
  <message>
   <source>Threads (0: all cores)</source>
   <translation>Threads (0: todos os núcleos)</translation>
  </message>
  <message>
   <source>Tile overlap (pixels)</source>
   <translation>Sobreposição dos blocos (píxeis)</translation>
  </message>
  <message>
   <source>Seed of the stochastic sampler</source>
   <translation>Semente do amostrador estocástico</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Imagem sem nuvens</translation>
  </message>
  <message>
   <source>Reconstructed pixels</source>
   <translation>Píxeis reconstruídos</translation>
  </message>
  <message>
   <source>Per pixel 0 … 100 % reconstructed.</source>
   <translation>Por píxel, 0 … 100 % reconstruído.</translation>
  </message>
  <message>
   <source>Uncertainty</source>
   <translation>Incerteza</translation>
  </message>
  <message>
   <source>Expected absolute error per band, in its units.</source>
   <translation>Erro absoluto esperado por banda, nas suas unidades.</translation>
  </message>
  <message>
   <source>Device used</source>
   <translation>Dispositivo usado</translation>
  </message>
  <message>
   <source>Seconds</source>
   <translation>Segundos</translation>
  </message>
  <message>
   <source>Share of pixels reconstructed (0 … 1)</source>
   <translation>Fração de píxeis reconstruídos (0 … 1)</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands, such as {}; - skips a band.</source>
   <translation>Só se o ficheiro não indicar as suas bandas, por exemplo {}; - salta uma banda.</translation>
  </message>
 </context>
 <context>
  <name>AssessmentDialog</name>
  <message>
   <source>Assessment</source>
   <translation>Avaliação</translation>
  </message>
  <message>
   <source>Save as HTML…</source>
   <translation>Guardar como HTML…</translation>
  </message>
  <message>
   <source>The same page with its figures, as one file</source>
   <translation>A mesma página com as suas figuras, num só ficheiro</translation>
  </message>
  <message>
   <source>Open in the browser</source>
   <translation>Abrir no navegador</translation>
  </message>
  <message>
   <source>Shows the page where it can be printed</source>
   <translation>Mostra a página onde se pode imprimir</translation>
  </message>
  <message>
   <source>Save the report</source>
   <translation>Guardar o relatório</translation>
  </message>
  <message>
   <source>Cannot write {0} ({1}); choose another folder.</source>
   <translation>Não é possível escrever {0} ({1}); escolha outra pasta.</translation>
  </message>
 </context>
 <context>
  <name>Dbcr</name>
  <message>
   <source>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</source>
   <translation>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</translation>
  </message>
  <message>
   <source>The run could not be prepared.</source>
   <translation>Não foi possível preparar a execução.</translation>
  </message>
  <message>
   <source>The run was cancelled; no output was written.</source>
   <translation>A execução foi cancelada; nada foi escrito.</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>Treino</translation>
  </message>
  <message>
   <source>Licence: {0}</source>
   <translation>Licença: {0}</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstrução</translation>
  </message>
  <message>
   <source>The preview, or the latest result, in the input's colours</source>
   <translation>A pré-visualização ou o último resultado, com as cores da entrada</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>The radar image</source>
   <translation>A imagem de radar</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>píxeis alterados</translation>
  </message>
  <message>
   <source>Orange: reconstructed; the rest is as observed</source>
   <translation>Laranja: reconstruído; o resto, como observado</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incerteza</translation>
  </message>
  <message>
   <source>How large an error the model expects, pale to dark blue</source>
   <translation>O erro que o modelo espera, de pálido a azul escuro</translation>
  </message>
  <message>
   <source>input</source>
   <translation>entrada</translation>
  </message>
  <message>
   <source>preview: {0}</source>
   <translation>pré-visualização: {0}</translation>
  </message>
  <message>
   <source>ONNX Runtime, which runs the model, is missing. It can be added in three ways:</source>
   <translation>Falta o ONNX Runtime, que executa o modelo. Pode adicionar-se de três maneiras:</translation>
  </message>
  <message>
   <source>{0}, in the worker</source>
   <translation>{0}, no processo auxiliar</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>imagem ótica</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>imagem SAR</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>máscara de nuvens</translation>
  </message>
  <message>
   <source>ONNX Runtime {0} is ready.</source>
   <translation>O ONNX Runtime {0} está pronto.</translation>
  </message>
  <message>
   <source>Running in the background; the task list shows progress and cancels.</source>
   <translation>Executa em segundo plano; a lista de tarefas mostra o progresso e cancela.</translation>
  </message>
  <message>
   <source>preview {0} · whole scene at most {1}</source>
   <translation>pré-visualização {0} · cena no máximo {1}</translation>
  </message>
  <message>
   <source>The map shows no part of the optical image; zoom to it for a preview.</source>
   <translation>O mapa não mostra nenhuma parte da imagem ótica; aproxime-se dela para uma pré-visualização.</translation>
  </message>
  <message>
   <source>linear power</source>
   <translation>potência linear</translation>
  </message>
  <message>
   <source>amplitude</source>
   <translation>amplitude</translation>
  </message>
  <message>
   <source>{0} bands, {1}</source>
   <translation>{0} bandas, {1}</translation>
  </message>
  <message>
   <source>{0} days later</source>
   <translation>{0} dias depois</translation>
  </message>
  <message>
   <source>{0} days earlier</source>
   <translation>{0} dias antes</translation>
  </message>
  <message>
   <source>other grid, will be aligned</source>
   <translation>outra grelha, será alinhada</translation>
  </message>
  <message>
   <source>offset {0} still in</source>
   <translation>desvio {0} ainda incluído</translation>
  </message>
  <message>
   <source>SAR {0} in {1}, covers {2}</source>
   <translation>SAR {0} em {1}, cobre {2}</translation>
  </message>
  <message>
   <source>cloud about {0}, by brightness</source>
   <translation>nuvens cerca de {0}, pelo brilho</translation>
  </message>
  <message>
   <source>There is not enough memory; close other programs.</source>
   <translation>Não há memória suficiente; feche outros programas.</translation>
  </message>
  <message>
   <source>Unexpected {0}; please report it with what QGIS's log says under DB-CR.</source>
   <translation>Erro inesperado {0}; comunique-o com o que o registo do QGIS diz em DB-CR.</translation>
  </message>
  <message>
   <source>Inspecting the inputs</source>
   <translation>A inspecionar as entradas</translation>
  </message>
  <message>
   <source>Load a Sentinel-2 raster file to begin.</source>
   <translation>Para começar, carregue um ficheiro raster Sentinel-2.</translation>
  </message>
  <message>
   <source>The SAR image lies elsewhere; choose one of the same place.</source>
   <translation>A imagem SAR fica noutro sítio; escolha uma do mesmo lugar.</translation>
  </message>
  <message>
   <source>Without SAR the result is much poorer; choose a Sentinel-1 image if you have one.</source>
   <translation>Sem SAR o resultado é muito pior; escolha uma imagem Sentinel-1, se a tiver.</translation>
  </message>
  <message>
   <source>The two images are {0} days apart; the ground may have changed.</source>
   <translation>Entre as duas imagens há {0} dias; o solo pode ter mudado.</translation>
  </message>
  <message>
   <source>No {0} was given; choose a raster layer or a raster file.</source>
   <translation>Falta: {0}. Escolha uma camada ou um ficheiro raster.</translation>
  </message>
  <message>
   <source>“{0}” is no raster layer; choose a raster file as the {1}.</source>
   <translation>«{0}» não é uma camada raster; escolha um ficheiro raster ({1}).</translation>
  </message>
  <message>
   <source>“{0}” cannot be read as a raster; check that the file exists and is an image GDAL can open.</source>
   <translation>«{0}» não pode ser lido como raster; verifique se o ficheiro existe e se o GDAL o consegue abrir.</translation>
  </message>
  <message>
   <source>“{0}” is a map service, not measured values; choose a raster file as the {1}.</source>
   <translation>«{0}» é um serviço de mapas, não valores medidos; escolha um ficheiro raster ({1}).</translation>
  </message>
  <message>
   <source>“{0}” is read over the network; save it to disk and choose the file as the {1}.</source>
   <translation>«{0}» é lido pela rede; guarde-o no disco e escolha o ficheiro ({1}).</translation>
  </message>
  <message>
   <source>“{0}” has no coordinate reference system; assign one (Raster ▸ Projections ▸ Assign Projection).</source>
   <translation>«{0}» não tem sistema de coordenadas; atribua-lhe um (Raster ▸ Projeções ▸ Atribuir projeção).</translation>
  </message>
  <message>
   <source>Cloud removal self-test</source>
   <translation>Remoção de nuvens: autoteste</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Remoção de nuvens</translation>
  </message>
  <message>
   <source>Cloud removal (DB-CR)</source>
   <translation>Remoção de nuvens (DB-CR)</translation>
  </message>
  <message>
   <source>Remove clouds from a Sentinel-2 image</source>
   <translation>Remover as nuvens de uma imagem Sentinel-2</translation>
  </message>
  <message>
   <source>Cloud removal preview</source>
   <translation>Remoção de nuvens: pré-visualização</translation>
  </message>
  <message>
   <source>Preparing a cloud removal preview</source>
   <translation>Remoção de nuvens: preparação da pré-visualização</translation>
  </message>
  <message>
   <source>the offset is removed</source>
   <translation>o desvio foi retirado</translation>
  </message>
  <message>
   <source>the offset is still in</source>
   <translation>o desvio ainda está incluído</translation>
  </message>
  <message>
   <source>reflectance, 0 … 1</source>
   <translation>reflectância, 0 … 1</translation>
  </message>
  <message>
   <source>decibels</source>
   <translation>decibéis</translation>
  </message>
  <message>
   <source>all above 0 is cloud</source>
   <translation>tudo acima de 0 é nuvem</translation>
  </message>
  <message>
   <source>probability</source>
   <translation>probabilidade</translation>
  </message>
  <message>
   <source>scene classes</source>
   <translation>classes de cena</translation>
  </message>
  <message>
   <source>What is right?</source>
   <translation>O que está certo?</translation>
  </message>
  <message>
   <source>{0}: {1} s per tile, mean {2}, checksum {3} (the same computer and device give the same checksum)</source>
   <translation>{0}: {1} s por bloco, média {2}, soma de controlo {3} (o mesmo computador e dispositivo dão a mesma soma)</translation>
  </message>
  <message>
   <source>right: within {0} of the model's own answer</source>
   <translation>certo: a não mais de {0} da própria resposta do modelo</translation>
  </message>
  <message>
   <source>0: as observed</source>
   <translation>0: como observado</translation>
  </message>
  <message>
   <source>almost none</source>
   <translation>quase nenhuma</translation>
  </message>
  <message>
   <source>0 %: as observed</source>
   <translation>0 %: como observado</translation>
  </message>
  <message>
   <source>1 … 99 %: mixed, at the edge</source>
   <translation>1 … 99 %: mistura, na orla</translation>
  </message>
  <message>
   <source>100 %: reconstructed</source>
   <translation>100 %: reconstruído</translation>
  </message>
  <message>
   <source>reflectance {0}</source>
   <translation>reflectância {0}</translation>
  </message>
  <message>
   <source>reflectance {0} and more</source>
   <translation>reflectância {0} ou mais</translation>
  </message>
  <message>
   <source>reconstructed pixels</source>
   <translation>píxeis reconstruídos</translation>
  </message>
  <message>
   <source>cloud-free</source>
   <translation>sem nuvens</translation>
  </message>
  <message>
   <source>{0}: {1} of the pixels were reconstructed.</source>
   <translation>{0}: {1} dos píxeis foram reconstruídos.</translation>
  </message>
  <message>
   <source>{0}, clouds removed</source>
   <translation>{0}, nuvens removidas</translation>
  </message>
 </context>
 <context>
  <name>DbcrDock</name>
  <message>
   <source>Cloud removal</source>
   <translation>Remoção de nuvens</translation>
  </message>
  <message>
   <source>As measured with the preview; a scene costs less where it is clear</source>
   <translation>Medido com a pré-visualização; uma cena custa menos onde está limpa</translation>
  </message>
  <message>
   <source>&amp;Get ONNX Runtime (up to 30 MB)</source>
   <translation>Obter o ONNX Runtime (até 30 MB)</translation>
  </message>
  <message>
   <source>Downloads it once, beside QGIS's own packages; nothing of QGIS changes</source>
   <translation>Descarrega-o uma vez, ao lado dos pacotes do QGIS; nada muda no QGIS</translation>
  </message>
  <message>
   <source>or a wheel from disk</source>
   <translation>ou um wheel do disco</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel em disco</translation>
  </message>
  <message>
   <source>Without a network: the same wheel as a file</source>
   <translation>Sem rede: o mesmo wheel em ficheiro</translation>
  </message>
  <message>
   <source>The same from a command line</source>
   <translation>O mesmo a partir de uma linha de comandos</translation>
  </message>
  <message>
   <source>The bundled model, and those in the folder that the options name</source>
   <translation>O modelo incluído e os da pasta indicada nas opções</translation>
  </message>
  <message>
   <source>Model card</source>
   <translation>Ficha do modelo</translation>
  </message>
  <message>
   <source>What the model was trained on, how well it does, and where not to trust it</source>
   <translation>Com que se treinou o modelo, o seu desempenho e onde não confiar nele</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modelo</translation>
  </message>
  <message>
   <source>What really computes; the options choose it</source>
   <translation>O que calcula de facto; escolhe-se nas opções</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>O que se encontrou nas entradas</translation>
  </message>
  <message>
   <source>as bright as the clear land around</source>
   <translation>tão claro quanto o entorno</translation>
  </message>
  <message>
   <source>Under clouds the brightness of each band follows the clear land around; off: the model's own</source>
   <translation>Sob as nuvens, o brilho de cada banda segue o terreno limpo em redor; desligado: o do modelo</translation>
  </message>
  <message>
   <source>Reconstruct what the map shows now</source>
   <translation>Reconstruir o que o mapa mostra</translation>
  </message>
  <message>
   <source>follow the map</source>
   <translation>seguir o mapa</translation>
  </message>
  <message>
   <source>Draw a new preview after panning and zooming</source>
   <translation>Redesenhar após deslocar e ampliar</translation>
  </message>
  <message>
   <source>Reconstructed pixels are estimates, not observations.</source>
   <translation>Os píxeis reconstruídos são estimativas, não observações.</translation>
  </message>
  <message>
   <source>let the model find clouds</source>
   <translation>o modelo encontra as nuvens</translation>
  </message>
  <message>
   <source>every pixel</source>
   <translation>todos os píxeis</translation>
  </message>
  <message>
   <source>none (poorer result)</source>
   <translation>nenhuma (pior resultado)</translation>
  </message>
  <message>
   <source>told once an image is chosen</source>
   <translation>indicado ao escolher uma imagem</translation>
  </message>
  <message>
   <source>Wheels</source>
   <translation>Wheels</translation>
  </message>
  <message>
   <source>Op&amp;tical</source>
   <translation>Ó&amp;tica</translation>
  </message>
  <message>
   <source>The cloudy Sentinel-2 image</source>
   <translation>A imagem Sentinel-2 com nuvens</translation>
  </message>
  <message>
   <source>S&amp;AR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>A Sentinel-1 image of the same place and about the same date</source>
   <translation>Uma imagem Sentinel-1 do mesmo lugar e de data próxima</translation>
  </message>
  <message>
   <source>Mas&amp;k</source>
   <translation>Máscara</translation>
  </message>
  <message>
   <source>Where to reconstruct; the rest stays exactly as it is</source>
   <translation>Onde reconstruir; o resto fica exatamente como está</translation>
  </message>
  <message>
   <source>Prev&amp;iew</source>
   <translation>Pré-visuali&amp;zar</translation>
  </message>
 </context>
 <context>
  <name>RunBox</name>
  <message>
   <source>Where the cloud-free image goes; empty: a temporary file</source>
   <translation>Para onde vai a imagem sem nuvens; vazio: um ficheiro temporário</translation>
  </message>
  <message>
   <source>Whole scene</source>
   <translation>Cena inteira</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[ficheiro temporário]</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Imagem sem nuvens</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>píxeis alterados</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incerteza</translation>
  </message>
  <message>
   <source>In the background; the task list at the bottom shows progress and cancels</source>
   <translation>Em segundo plano; a lista de tarefas, em baixo, mostra o progresso e cancela</translation>
  </message>
  <message>
   <source>Cop&amp;y as</source>
   <translation>Cop&amp;iar como</translation>
  </message>
  <message>
   <source>The same run as text, to repeat it elsewhere</source>
   <translation>A mesma execução em texto, para a repetir noutro sítio</translation>
  </message>
  <message>
   <source>Also written and loaded; beside a named image, as …_changed.tif and …_uncertainty.tif</source>
   <translation>Também se grava e carrega; junto de uma imagem com nome, como …_changed.tif e …_uncertainty.tif</translation>
  </message>
  <message>
   <source>R&amp;un on the whole scene</source>
   <translation>Exec&amp;utar na cena</translation>
  </message>
  <message>
   <source>qgis_process command</source>
   <translation>comando qgis_process</translation>
  </message>
  <message>
   <source>Python</source>
   <translation>Python</translation>
  </message>
 </context>
 <context>
  <name>AssessBox</name>
  <message>
   <source>Where the report goes, a page with its figures; empty: a temporary file</source>
   <translation>Para onde vai o relatório, uma página com figuras; vazio: um ficheiro temporário</translation>
  </message>
  <message>
   <source>Assess</source>
   <translation>Avaliar</translation>
  </message>
  <message>
   <source>The image to assess: the latest result, or any other</source>
   <translation>A imagem a avaliar: o último resultado ou outra</translation>
  </message>
  <message>
   <source>A clear image of the same place and about the same date</source>
   <translation>Uma imagem limpa do mesmo lugar e de aproximadamente a mesma data</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[ficheiro temporário]</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Relatório</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Resultado</translation>
  </message>
  <message>
   <source>Refere&amp;nce</source>
   <translation>Referê&amp;ncia</translation>
  </message>
  <message>
   <source>PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map</source>
   <translation>PSNR, SSIM, MAE e SAM para todos os píxeis, nublados e limpos, com um mapa de erros</translation>
  </message>
 </context>
 <context>
  <name>CompareLines</name>
  <message>
   <source>What lies over the input</source>
   <translation>O que se sobrepõe à entrada</translation>
  </message>
  <message>
   <source>Over the input</source>
   <translation>Sobre a entrada</translation>
  </message>
  <message>
   <source>Swipe</source>
   <translation>Deslizar</translation>
  </message>
  <message>
   <source>Drag a line over the map between input and picture</source>
   <translation>Arrastar uma linha entre a entrada e a imagem</translation>
  </message>
  <message>
   <source>&amp;Flip</source>
   <translation>A&amp;lternar</translation>
  </message>
  <message>
   <source>Hide or show the picture; the space bar does it while swiping</source>
   <translation>Ocultar ou mostrar a imagem; ao deslizar, com a barra de espaços</translation>
  </message>
  <message>
   <source>Side &amp;by side</source>
   <translation>La&amp;do a lado</translation>
  </message>
  <message>
   <source>Reconstruction, SAR, changed pixels and uncertainty in linked maps</source>
   <translation>Reconstrução, SAR, píxeis alterados e incerteza em mapas ligados</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstrução</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>píxeis alterados</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incerteza</translation>
  </message>
 </context>
 <context>
  <name>DockController</name>
  <message>
   <source>Copied; layers stand in it as files.</source>
   <translation>Copiado; as camadas figuram como ficheiros.</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Remoção de nuvens</translation>
  </message>
  <message>
   <source>Preview of the centre, {0} × {1} pixels; zoom in to see the rest.</source>
   <translation>Pré-visualização do centro, {0} × {1} píxeis; amplie para ver o resto.</translation>
  </message>
 </context>
 <context>
  <name>CurveBackground</name>
  <message>
   <source>Measured on the model's validation scenes; up is better. PSNR: closeness to the truth. LPIPS: likeness of texture.</source>
   <translation>Medido nas cenas de validação do modelo; mais acima é melhor. PSNR: proximidade à verdade. LPIPS: semelhança da textura.</translation>
  </message>
  <message>
   <source>This model's card holds no measurements.</source>
   <translation>A ficha deste modelo não contém medições.</translation>
  </message>
 </context>
 <context>
  <name>NfeDial</name>
  <message>
   <source>Network evaluations</source>
   <translation>Avaliações da rede</translation>
  </message>
  <message>
   <source>Network evaluations (NFE). 1: closest to the truth on average. More: sharper texture, more time.</source>
   <translation>Avaliações da rede (NFE). 1: em média o mais fiel. Mais: textura mais nítida e mais tempo.</translation>
  </message>
  <message>
   <source>faithful</source>
   <translation>fiel</translation>
  </message>
  <message>
   <source>sharp</source>
   <translation>nítido</translation>
  </message>
 </context>
 <context>
  <name>OptionsPage</name>
  <message>
   <source>running…</source>
   <translation>em execução…</translation>
  </message>
  <message>
   <source>Computing</source>
   <translation>Cálculo</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; those that begin with torch need a worker</source>
   <translation>auto usa o mais rápido disponível; os que começam por torch precisam de um processo auxiliar</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>Threads</translation>
  </message>
  <message>
   <source>Processor threads for the network</source>
   <translation>Threads do processador para a rede</translation>
  </message>
  <message>
   <source>Tile overlap</source>
   <translation>Sobreposição dos blocos</translation>
  </message>
  <message>
   <source>What neighbouring tiles share; more costs time and hides their borders better</source>
   <translation>O que os blocos vizinhos partilham; mais custa tempo e esconde melhor as suas orlas</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Compressão</translation>
  </message>
  <message>
   <source>Of the files that the dock writes: deflate is read by every program, zstd takes half the time</source>
   <translation>Dos ficheiros que o painel escreve: deflate é lido por qualquer programa, zstd leva metade do tempo</translation>
  </message>
  <message>
   <source>Python of the worker</source>
   <translation>Python do processo auxiliar</translation>
  </message>
  <message>
   <source>Another Python, which has torch or a CUDA build of ONNX Runtime; jobs and previews run there</source>
   <translation>Outro Python, que tenha torch ou um ONNX Runtime para CUDA; aí correm as execuções e pré-visualizações</translation>
  </message>
  <message>
   <source>&amp;Self-test</source>
   <translation>Auto&amp;teste</translation>
  </message>
  <message>
   <source>Runs one tile with these settings: device, seconds, checksum</source>
   <translation>Calcula um bloco com estas definições: dispositivo, segundos, soma de verificação</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modelo</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Ficheiro do modelo</translation>
  </message>
  <message>
   <source>What the dock and the algorithms use unless they are told otherwise</source>
   <translation>O que o painel e os algoritmos usam se nada for dito em contrário</translation>
  </message>
  <message>
   <source>Model folder</source>
   <translation>Pasta de modelos</translation>
  </message>
  <message>
   <source>The dock offers every model file in it</source>
   <translation>O painel oferece cada ficheiro de modelo que contém</translation>
  </message>
  <message>
   <source>Preview</source>
   <translation>Pré-visualização</translation>
  </message>
  <message>
   <source>Longest side</source>
   <translation>Lado maior</translation>
  </message>
  <message>
   <source>A map that shows more is previewed in its centre</source>
   <translation>Se o mapa mostrar mais, a pré-visualização é do centro</translation>
  </message>
  <message>
   <source>Cache</source>
   <translation>Cache</translation>
  </message>
  <message>
   <source>Memory for what earlier previews looked at: going back costs nothing</source>
   <translation>Memória para o que as pré-visualizações anteriores viram: voltar não custa nada</translation>
  </message>
  <message>
   <source>&amp;Clear</source>
   <translation>&amp;Esvaziar</translation>
  </message>
  <message>
   <source>Forgets what earlier previews looked at</source>
   <translation>Esquece o que as pré-visualizações anteriores viram</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Pasta</translation>
  </message>
  <message>
   <source>Where the plugin keeps its own ONNX Runtime, outside QGIS's packages</source>
   <translation>Onde o módulo guarda o seu próprio ONNX Runtime, fora dos pacotes do QGIS</translation>
  </message>
  <message>
   <source>Package index</source>
   <translation>Índice de pacotes</translation>
  </message>
  <message>
   <source>Where it is downloaded from, on request only</source>
   <translation>De onde é descarregado, só a pedido</translation>
  </message>
  <message>
   <source>all cores</source>
   <translation>todos os núcleos</translation>
  </message>
  <message>
   <source>a quarter of a tile</source>
   <translation>um quarto de bloco</translation>
  </message>
  <message>
   <source> pixels</source>
   <translation> píxeis</translation>
  </message>
  <message>
   <source>none: everything runs inside QGIS</source>
   <translation>nenhum: tudo no QGIS</translation>
  </message>
  <message>
   <source>the bundled one</source>
   <translation>o incluído</translation>
  </message>
  <message>
   <source>none</source>
   <translation>nenhuma</translation>
  </message>
  <message>
   <source>in the profile</source>
   <translation>no perfil</translation>
  </message>
  <message>
   <source>DB-CR models</source>
   <translation>Modelos DB-CR</translation>
  </message>
  <message>
   <source>in use: {0} MB</source>
   <translation>em uso: {0} MB</translation>
  </message>
 </context>
 <context>
  <name>SideBySide</name>
  <message>
   <source>Cloud removal, side by side</source>
   <translation>Remoção de nuvens, lado a lado</translation>
  </message>
 </context>
</TS>
